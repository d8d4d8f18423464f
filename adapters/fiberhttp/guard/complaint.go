package guard

import (
	"sync"
	"time"

	"go.uber.org/zap"

	"gatehouse/ports"
)

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
