package guard

import "time"

const (
	// refusalsAtOnce is how many refusals are sent within a turn. People never notice.
	refusalsAtOnce = 50
	refusalTurn    = 50 * time.Millisecond
	// longestTurn is how long a refusal waits at most, however many there are.
	longestTurn = 800 * time.Millisecond
)

// A pace holds refusals back when there are more than refusalsAtOnce within a refusalTurn:
// whoever sends requests as fast as they are refused would otherwise take the processors from
// those who are signed in. It may be used concurrently.
type Pace struct {
	turns chan struct{} // holds one for each refusal of the last refusalTurn
}

func NewPace() Pace { return Pace{make(chan struct{}, refusalsAtOnce)} }

// wait returns when it is the caller's turn, first come, first served, or after longestTurn.
func (p Pace) Wait() {
	late := time.NewTimer(longestTurn)
	defer late.Stop()
	select {
	case p.turns <- struct{}{}:
		time.AfterFunc(refusalTurn, func() { <-p.turns })
	case <-late.C:
	}
}
