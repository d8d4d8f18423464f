package ports

import (
	"context"
	"time"

	"gatehouse/domain"
)

// Upkeep is what a [Store] needs besides being used, and what it tells of itself. It may be
// used concurrently, and beside the store: none of it holds up an Update for more than a few
// milliseconds.
//
// Errors wrap [gatehouse/domain.ErrUnavailable].
type Upkeep interface {
	// Checkpoint moves what has been written since the last time to the place where it
	// stays, and returns how many pages that were.
	Checkpoint(ctx context.Context) (pages int, err error)
	// Optimize looks over the tables of which more, or less, has become, so that queries on
	// them stay fast, and returns how many those were. It leaves alone what would take long.
	Optimize(ctx context.Context) (tables int, err error)
	// Note keeps the run as the last one of its task.
	Note(ctx context.Context, run HousekeepingRun) error
	// Report describes the store as it is at the instant now. It takes a second at most,
	// however long the audit trail is.
	Report(ctx context.Context, now time.Time) (StoreReport, error)
}

// A HousekeepingTask is something that is done to the store regularly.
type HousekeepingTask string

// The tasks.
const (
	TaskForgetSessions HousekeepingTask = "forget_sessions"
	TaskForgetFailures HousekeepingTask = "forget_failures"
	TaskForgetLinks    HousekeepingTask = "forget_links"
	TaskRetireAudit    HousekeepingTask = "retire_audit"
	TaskCheckpoint     HousekeepingTask = "checkpoint"
	TaskOptimize       HousekeepingTask = "optimize"
)

// A HousekeepingRun is one time that a task was done.
type HousekeepingRun struct {
	Task HousekeepingTask
	At   time.Time     // when it began
	Took time.Duration // to the microsecond
	// Removed is how many sessions, counters or audit events are gone by it.
	Removed int
}

// A StoreReport describes a store to its operator.
type StoreReport struct {
	// File is where it is; Size and LogSize are the bytes of the file and of its write-ahead
	// log; of the file's pages, each of PageSize bytes, FreePages hold nothing.
	File                string
	Size, LogSize       int64
	PageSize, FreePages int64
	// Engine is the version of what keeps the file, Schema that of the tables in it.
	Engine string
	Schema int
	// JournalMode and Synchronous say, in the engine's words, how writes reach the disk.
	JournalMode, Synchronous string

	Staff int
	// Running sessions have not been ended, and their time is not over; the others still
	// stored are Over.
	Running, Over int
	// Outbox is how many letters wait to be sent.
	Outbox int
	// First and Last are the ends of the audit trail; zero when it is empty.
	First, Last AuditMoment
	// Checkpoint stands for the events before First.
	Checkpoint domain.AuditCheckpoint
	// Runs are the last run of each task, by its name.
	Runs []HousekeepingRun
}

// An AuditMoment is an event of the audit trail, and when it happened.
type AuditMoment struct {
	Sequence int64
	At       time.Time
}

// Events is how many events the audit trail has: it has no gaps.
func (r StoreReport) Events() int64 {
	if r.Last.Sequence == 0 {
		return 0
	}
	return r.Last.Sequence - r.First.Sequence + 1
}
