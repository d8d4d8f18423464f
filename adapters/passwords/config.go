package passwords

import (
	"errors"
	"runtime"
)

// The defaults of [Config]. The cost is the least that OWASP's password storage cheat
// sheet allows for Argon2id.
const (
	defaultMemory      = 19456
	defaultTime        = 2
	defaultParallelism = 1
	// At about 35 ms a hash, the last in the queue waits two seconds; where hashes take longer,
	// fewer may wait (see longestWait).
	defaultQueuePerWorker = 56
)

// A Config says how costly a new hash is, and how many are worked on at once. A field
// that is zero has its default.
type Config struct {
	// Workers is how many hashes may be computed at once: one for each processor by
	// default. Each needs Memory while it runs, or up to 32 MiB for an imported hash if
	// Memory is less. One at a time may need up to 256 MiB.
	Workers int
	// QueueLength is how many callers may wait, be it for a worker or for their turn
	// among the hashes of which only one is checked at a time: 56 for each worker by
	// default, a wait of about two seconds. Fewer may if that would take more than six.
	QueueLength int
	// Memory is the memory of a new hash in KiB: 19456 (19 MiB) by default.
	Memory uint32
	// Time is the number of passes of a new hash over its memory: 2 by default.
	Time uint32
	// Parallelism is the number of lanes of a new hash, each computed by a goroutine of
	// its own: 1 by default.
	Parallelism uint8
}

// Validate returns an error if a number is negative, or if [Hasher.Matches] would not
// accept the hashes that [Hasher.Hash] makes.
func (c Config) Validate() error {
	switch full := c.withDefaults(); {
	case c.Workers < 0:
		return errors.New("the number of hash workers is negative")
	case c.QueueLength < 0:
		return errors.New("the length of the hash queue is negative")
	case !full.cost().allowed():
		return errors.New("the cost of Argon2id is out of range: memory must be between" +
			" 8 KiB a lane and 256 MiB, time at most 64, their product at most 4 GiB")
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Workers <= 0 {
		c.Workers = runtime.NumCPU()
	}
	if c.QueueLength <= 0 {
		c.QueueLength = defaultQueuePerWorker * c.Workers
	}
	if c.Memory == 0 {
		c.Memory = defaultMemory
	}
	if c.Time == 0 {
		c.Time = defaultTime
	}
	if c.Parallelism == 0 {
		c.Parallelism = defaultParallelism
	}
	return c
}

// cost is that of a new hash.
func (c Config) cost() argon2Cost {
	return argon2Cost{argon2id, argon2Version13, c.Memory, c.Time, uint32(c.Parallelism)}
}
