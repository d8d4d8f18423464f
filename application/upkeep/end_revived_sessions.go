package upkeep

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// EndRevivedSessions ends all sessions, and revokes all tokens of the shop's Django, if somebody has put
// the store back to an earlier state without [RestoreBackup]. Otherwise sessions that have been signed
// out since would work again. It does the same if the record that would show this is lost. Run it before
// the first request.
//
// Errors: [domain.ErrUnavailable]. Run it again after that.
type EndRevivedSessions struct {
	store   ports.Store
	history ports.History
	clock   ports.Clock
}

// EndRevivedSessionsCommand is empty.
type EndRevivedSessionsCommand struct{}

// EndRevivedSessionsResult says what was found.
type EndRevivedSessionsResult struct {
	// RolledBack is true if the store was put back, or if that cannot be ruled out. The other fields are
	// zero otherwise.
	RolledBack bool
	// Lost is the newest audit event that is missing. The zero mark means that it is not known.
	Lost  domain.AuditMark
	Ended int // sessions
}

// NewEndRevivedSessions makes the use case.
func NewEndRevivedSessions(store ports.Store, history ports.History, clock ports.Clock) *EndRevivedSessions {
	return &EndRevivedSessions{store, history, clock}
}

// Execute implements [ports.UseCase]. It accepts the history last: if the process dies before that, the
// next start does all of it again.
func (u *EndRevivedSessions) Execute(ctx context.Context, _ EndRevivedSessionsCommand) (EndRevivedSessionsResult, error) {
	lost, rolledBack := u.history.Lost()
	if !rolledBack {
		return EndRevivedSessionsResult{}, nil
	}
	result := EndRevivedSessionsResult{RolledBack: true, Lost: lost}
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventDatabaseRollback, domain.Client{Actor: domain.Service()}, now)
	if lost == (domain.AuditMark{}) {
		event.Reason = domain.ReasonHistoryMissing
	} else {
		event.Subject = domain.SubjectHash(lost.Seal.String())
	}
	err := u.store.Update(ctx, func(records ports.Records) (err error) {
		result.Ended, err = endEverySession(records, event, now)
		return err
	})
	if err == nil {
		err = u.history.Accept(ctx)
	}
	return steps.Result(result, err)
}
