package upkeep

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// EndRevivedSessions ends every session, and takes back every token of the shop's Django, if
// the store has been put back to an earlier state behind the service's back, or if what would
// tell is gone. It belongs before the first request.
//
// Errors: [domain.ErrUnavailable]. It has to be done again then, and can be.
type EndRevivedSessions struct {
	store   ports.Store
	history ports.History
	clock   ports.Clock
}

// EndRevivedSessionsCommand is empty.
type EndRevivedSessionsCommand struct{}

// EndRevivedSessionsResult tells what was found.
type EndRevivedSessionsResult struct {
	// RolledBack: the store was put back. Lost is then the newest event that it does not
	// hold any more, or the zero mark if that is not known, nor whether there is any; and Ended
	// how many sessions were ended.
	RolledBack bool
	Lost       domain.AuditMark
	Ended      int
}

// NewEndRevivedSessions makes the use case.
func NewEndRevivedSessions(store ports.Store, history ports.History, clock ports.Clock) *EndRevivedSessions {
	return &EndRevivedSessions{store, history, clock}
}

// Execute implements [ports.UseCase]. What is known of the history changes last, so that
// nothing is left out when the process dies in between.
func (u *EndRevivedSessions) Execute(ctx context.Context, _ EndRevivedSessionsCommand) (EndRevivedSessionsResult, error) {
	lost, rolledBack := u.history.Lost()
	if !rolledBack {
		return EndRevivedSessionsResult{}, nil
	}
	result := EndRevivedSessionsResult{RolledBack: true, Lost: lost}
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventDatabaseRollback, domain.Client{}, now)
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
		err = u.history.Accept()
	}
	if err != nil {
		return EndRevivedSessionsResult{}, err
	}
	return result, nil
}
