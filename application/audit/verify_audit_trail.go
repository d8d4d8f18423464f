package audit

import (
	"context"
	"math"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// trailPage is the number of events that are read in one View. So few fit in memory and keep the store only
// for a moment.
const trailPage = 1000

// VerifyAuditTrail reads the whole audit trail and finds the first event that was altered or removed. The
// service may append events meanwhile, and retention may remove them.
//
// Errors: [domain.ErrNotAllowed], [*domain.TrailBreak], [domain.ErrAnchorRetired], [domain.ErrUnavailable].
type VerifyAuditTrail struct {
	store   ports.Store
	history ports.History
	key     domain.AuditKey
	clock   ports.Clock
}

// VerifyAuditTrailQuery says what the trail must hold.
type VerifyAuditTrailQuery struct {
	// Anchor is the end of the trail at an earlier time, as somebody has noted it outside the machine. The
	// zero mark means that there is none.
	Anchor domain.AuditMark
	Client domain.Client
}

// VerifyAuditTrailResult describes an intact trail.
type VerifyAuditTrailResult struct {
	// Events is the number of events, from the sequence First to Last. All three are 0 if there are none.
	Events, First, Last int64
	// End is the end of the trail. Note it outside the machine, to be used as an Anchor later.
	End domain.AuditMark
	// Checkpoint stands for the events that retention has removed.
	Checkpoint domain.AuditCheckpoint
	// Gaps are the events that say that the database was put back to an earlier state. What was written
	// after that state is missing from the trail.
	Gaps []domain.AuditEvent
	// Unguarded is the result of the method of this name of [ports.AuditRecords].
	Unguarded []string
}

// NewVerifyAuditTrail makes the use case. The key is the one that seals the trail.
func NewVerifyAuditTrail(store ports.Store, history ports.History, key domain.AuditKey, clock ports.Clock) *VerifyAuditTrail {
	return &VerifyAuditTrail{store, history, key, clock}
}

// Execute implements [ports.UseCase].
func (u *VerifyAuditTrail) Execute(ctx context.Context, query VerifyAuditTrailQuery) (VerifyAuditTrailResult, error) {
	if err := steps.PermitReading(ctx, u.store, domain.EventAuditRead, query.Client, u.clock()); err != nil {
		return VerifyAuditTrailResult{}, err
	}
	newest := u.history.Newest() // read before the last page, so that the trail must contain it
	v := verification{key: u.key, anchor: query.Anchor}
	for !v.complete {
		if err := u.store.View(ctx, v.page); err != nil {
			return VerifyAuditTrailResult{}, err
		}
	}
	if err := v.check.End(newest); err != nil {
		return VerifyAuditTrailResult{}, err
	}
	switch mark, lost := u.history.Lost(); {
	case lost && mark == (domain.AuditMark{}):
		return VerifyAuditTrailResult{}, &domain.TrailBreak{Sequence: v.check.Last().Sequence + 1, How: domain.TrailEndUnknown}
	case lost:
		return VerifyAuditTrailResult{}, &domain.TrailBreak{Sequence: mark.Sequence, How: domain.TrailReplaced}
	}
	if err := u.store.View(ctx, v.surroundings); err != nil {
		return VerifyAuditTrailResult{}, err
	}
	v.result.End = v.check.Last()
	return v.result, nil
}

// A verification is one pass over the trail.
type verification struct {
	key      domain.AuditKey
	anchor   domain.AuditMark   // zero once it was found in the trail
	check    *domain.TrailCheck // nil before the first page
	result   VerifyAuditTrailResult
	complete bool
}

// page checks the next page, and notes whether it was the last.
func (v *verification) page(records ports.Records) error {
	after, err := v.begin(records)
	if err != nil {
		return err
	}
	read := 0
	for event, err := range records.Audit().Trail(after, trailPage) {
		if err != nil {
			return err
		}
		if err := v.check.Next(event); err != nil {
			return err
		}
		if event.Sequence == v.anchor.Sequence {
			v.anchor = domain.AuditMark{}
		}
		v.count(event.AuditEvent)
		read++
	}
	v.complete = read < trailPage
	return nil
}

// surroundings checks what protects the stored events.
func (v *verification) surroundings(records ports.Records) (err error) {
	v.result.Unguarded, err = records.Audit().Unguarded()
	return err
}

// begin returns the sequence after which the page begins. The first page begins before the checkpoint,
// where no event may be. If retention has removed events that were not checked yet, the check goes on
// after them.
func (v *verification) begin(records ports.Records) (after int64, err error) {
	checkpoint, err := records.Audit().Checkpoint()
	if err != nil {
		return 0, err
	}
	if v.check != nil && checkpoint == v.result.Checkpoint {
		return v.check.Last().Sequence, nil
	}
	check, err := domain.NewTrailCheck(v.key, checkpoint)
	if err != nil {
		return 0, err
	}
	v.result.Checkpoint = checkpoint
	if v.check != nil && checkpoint.Last.Sequence <= v.check.Last().Sequence {
		return v.check.Last().Sequence, nil
	}
	if err := check.Expect(v.anchor); err != nil {
		return 0, err
	}
	v.check = check
	v.result.Events, v.result.First, v.result.Last = 0, 0, 0
	return math.MinInt64, nil
}

func (v *verification) count(event domain.AuditEvent) {
	if v.result.Events == 0 {
		v.result.First = event.Sequence
	}
	v.result.Events++
	v.result.Last = event.Sequence
	if event.Kind == domain.EventDatabaseRestore || event.Kind == domain.EventDatabaseRollback {
		v.result.Gaps = append(v.result.Gaps, event)
	}
}
