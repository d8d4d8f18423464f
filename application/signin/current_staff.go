package signin

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// CurrentStaff tells the holder of an access token who they are.
//
// Errors: those of [domain.Claims.Check] and [domain.Session.Check],
// [domain.ErrStaffNotFound] when the account is deleted, [domain.ErrSessionNotFound],
// [domain.ErrUnavailable]. With [domain.ErrPasswordResetRequired] the account is returned as
// well: its holder has to be told.
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

// NewCurrentStaff makes the use case.
func NewCurrentStaff(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *CurrentStaff {
	return &CurrentStaff{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *CurrentStaff) Execute(ctx context.Context, query CurrentStaffQuery) (domain.Staff, error) {
	return steps.Authenticate(ctx, u.store, u.parser, query.Token, u.policy, u.clock())
}
