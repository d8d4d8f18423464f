package intake

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"gatehouse/ports"
)

const (
	// refusalsAtOnce is how many refusals are sent within a refusalTurn. People never send so many.
	refusalsAtOnce = 50
	refusalTurn    = 50 * time.Millisecond
	// longestTurn is how long a refusal waits at most.
	longestTurn = 800 * time.Millisecond
)

// A Pace delays refusals when there are more than 50 within 50 ms. A client that sends as fast as it
// is refused would otherwise take the processors from everybody else. It may be used concurrently.
type Pace struct {
	turns chan struct{} // holds one for each refusal of the last refusalTurn
}

// NewPace makes a Pace for all requests of a server.
func NewPace() Pace { return Pace{make(chan struct{}, refusalsAtOnce)} }

// Wait returns when it is the caller's turn, first come, first served, and after 800 ms at the
// latest.
func (p Pace) Wait() {
	late := time.NewTimer(longestTurn)
	defer late.Stop()
	select {
	case p.turns <- struct{}{}:
		time.AfterFunc(refusalTurn, func() { <-p.turns })
	case <-late.C:
	}
}

// complaintPause is the time between two lines of one complaint.
const complaintPause = time.Minute

// A Complaint is a line of the log about something that can happen many times a second. It is
// written at most once a minute, with the number of times since the last one. It may be used
// concurrently.
type Complaint struct {
	log   *zap.Logger
	clock ports.Clock
	mu    sync.Mutex
	times int
	last  time.Time
}

// NewComplaint makes a Complaint that has not been written yet.
func NewComplaint(log *zap.Logger, clock ports.Clock) *Complaint {
	return &Complaint{log: log, clock: clock}
}

// Add counts the event, and writes the line if the last one is a minute old.
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
