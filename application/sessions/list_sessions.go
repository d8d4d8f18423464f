package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ListSessions shows a person their running sessions, oldest first.
//
// Errors: those of [signin.CurrentStaff].
type ListSessions struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// ListSessionsQuery is an access token.
type ListSessionsQuery struct {
	Token domain.Token
}

// ListSessionsResult is whose sessions they are, the sessions, and which of them the token
// belongs to.
type ListSessionsResult struct {
	Owner    domain.Staff
	Sessions []domain.Session
	Current  domain.SessionID
}

// NewListSessions makes the use case.
func NewListSessions(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *ListSessions {
	return &ListSessions{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ListSessions) Execute(ctx context.Context, query ListSessionsQuery) (result ListSessionsResult, err error) {
	now := u.clock()
	claims, err := steps.ParseToken(ctx, u.parser, query.Token, u.policy, now, domain.AccessToken)
	if err != nil {
		return ListSessionsResult{}, err
	}
	err = u.store.View(ctx, func(records ports.Records) error {
		owner, current, err := steps.Admit(records, claims, u.policy, now)
		if err != nil {
			return err
		}
		all, err := records.Sessions().OfStaff(owner.ID)
		if err != nil {
			return err
		}
		result.Owner, result.Current = owner, current.ID
		for _, session := range all {
			if session.Check(owner, u.policy, now) == nil {
				result.Sessions = append(result.Sessions, session)
			}
		}
		return nil
	})
	return result, err
}
