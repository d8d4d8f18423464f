package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ListSessions returns the running sessions of the person who asks, oldest first.
//
// Errors: those of [signin.CurrentStaff].
type ListSessions struct{ desk }

// ListSessionsQuery is an access token.
type ListSessionsQuery struct {
	Token domain.Token
}

// ListSessionsResult is the person and their sessions.
type ListSessionsResult struct {
	Owner    domain.Staff
	Sessions []domain.Session
	// Current is the session of the token. It is "" for a token of the shop's Django that was never
	// refreshed here.
	Current domain.SessionID
}

// NewListSessions makes the use case.
func NewListSessions(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *ListSessions {
	return &ListSessions{desk{store, parser, clock, policy}}
}

// Execute implements [ports.UseCase].
func (u *ListSessions) Execute(ctx context.Context, query ListSessionsQuery) (result ListSessionsResult, err error) {
	err = u.serve(ctx, query.Token, u.store.View, func(records ports.Records, who asker) (err error) {
		result.Owner, result.Current = who.owner, who.current.ID
		result.Sessions, err = runningOf(records, who.owner, u.policy, who.now)
		return err
	})
	return steps.Result(result, err)
}
