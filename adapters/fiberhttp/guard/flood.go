package guard

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"gatehouse/ports"
)

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

// complaintPause is the time between two lines of the log about the same lack.
const complaintPause = time.Minute

// A complaint is a line of the log about what happens many times a second: it is written
// once a minute, with how often that was since the last. It may be used concurrently.
type Complaint struct {
	log   *zap.Logger
	clock ports.Clock
	mu    sync.Mutex
	times int
	last  time.Time
}

func NewComplaint(log *zap.Logger, clock ports.Clock) *Complaint {
	return &Complaint{log: log, clock: clock}
}

func (c *Complaint) Add(line string, fields ...zap.Field) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times++
	now := c.clock()
	if !c.last.IsZero() && now.Sub(c.last).Abs() < complaintPause {
		return
	}
	c.log.Warn(line, append(fields, zap.Int("times", c.times))...)
	c.times, c.last = 0, now
}
