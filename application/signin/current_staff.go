package signin

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// CurrentStaff returns the owner and the session of an access token.
//
// Errors: those of [domain.Claims.Check] and [domain.Session.Check],
// [domain.ErrStaffNotFound] if the account is deleted, [domain.ErrSessionNotFound],
// [domain.ErrUnavailable]. The account is returned beside [domain.ErrPasswordResetRequired] too, because
// the answer names the person.
type CurrentStaff struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// CurrentStaffQuery is an access token.
type CurrentStaffQuery struct {
	Token domain.Token
}

// CurrentStaffResult is the owner and the session of the token.
type CurrentStaffResult struct {
	Owner domain.Staff
	// Session is "" for a token of the shop's Django that was never refreshed here.
	Session domain.SessionID
}

// NewCurrentStaff makes the use case.
func NewCurrentStaff(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *CurrentStaff {
	return &CurrentStaff{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *CurrentStaff) Execute(ctx context.Context, query CurrentStaffQuery) (CurrentStaffResult, error) {
	owner, session, err := steps.Authenticate(ctx, u.store, u.parser, query.Token, u.policy, u.clock())
	return CurrentStaffResult{owner, session.ID}, err
}
