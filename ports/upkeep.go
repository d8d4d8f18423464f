package ports

import (
	"context"
	"time"

	"gatehouse/domain"
)

// Upkeep keeps a [Store] in order and describes it. It may be used concurrently and beside the
// store: none of it holds up an Update for more than a few milliseconds.
//
// Errors: [gatehouse/domain.ErrUnavailable].
type Upkeep interface {
	// Checkpoint moves what was written since the last time from the write-ahead log to the
	// store's file. It returns how many pages that were.
	Checkpoint(ctx context.Context) (pages int, err error)
	// Optimize renews the statistics of tables that have grown or shrunk, so that queries stay
	// fast. It returns how many tables those were, and skips what would take long.
	Optimize(ctx context.Context) (tables int, err error)
	// Note keeps the run as the last one of its task.
	Note(ctx context.Context, run HousekeepingRun) error
	// Report describes the store at the instant now. It takes a second at most, however long the
	// audit trail is.
	Report(ctx context.Context, now time.Time) (StoreReport, error)
}

// A HousekeepingTask is done to the store regularly.
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

// A HousekeepingRun says when a task was done, and what it removed.
type HousekeepingRun struct {
	Task HousekeepingTask
	At   time.Time     // when it began
	Took time.Duration // to the microsecond
	// Removed is how many sessions, counters, links or audit events were removed.
	Removed int
}

// A StoreReport describes a store to its operator.
type StoreReport struct {
	// File is the path. Size and LogSize are the bytes of the file and of its write-ahead log.
	// The file has pages of PageSize bytes, of which FreePages are empty.
	File                string
	Size, LogSize       int64
	PageSize, FreePages int64
	// Engine is the version of the database engine, Schema that of the tables.
	Engine string
	Schema int
	// JournalMode and Synchronous say, in the engine's words, how writes reach the disk.
	JournalMode, Synchronous string

	Staff int
	// Running sessions were not ended and have not expired. The other stored ones are Over.
	Running, Over int
	// Outbox is how many letters wait to be sent.
	Outbox int
	// First and Last are the ends of the audit trail; both are zero if it is empty.
	First, Last AuditMoment
	// Checkpoint stands for the events before First.
	Checkpoint domain.AuditCheckpoint
	// Runs are the last run of each task, by the task's name.
	Runs []HousekeepingRun
}

// An AuditMoment is an event of the audit trail, and when it happened.
type AuditMoment struct {
	Sequence int64
	At       time.Time
}

// Events is how many events the audit trail has. It has no gaps.
func (r StoreReport) Events() int64 {
	if r.Last.Sequence == 0 {
		return 0
	}
	return r.Last.Sequence - r.First.Sequence + 1
}
