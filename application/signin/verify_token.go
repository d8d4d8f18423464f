package signin

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// VerifyToken succeeds if an access or refresh token is valid now, its session is running, and its owner
// may still sign in. SimpleJWT checks the token alone.
//
// Errors: those of [domain.Claims.Check], [domain.Session.Check] and [domain.Session.Present],
// [domain.ErrTokenNoStaff], [domain.ErrStaffNotFound], [domain.ErrSessionNotFound],
// [domain.ErrUnavailable].
type VerifyToken struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// VerifyTokenQuery is an access or refresh token.
type VerifyTokenQuery struct {
	Token domain.Token
}

// VerifyTokenResult is empty: the token is valid.
type VerifyTokenResult struct{}

// NewVerifyToken makes the use case.
func NewVerifyToken(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *VerifyToken {
	return &VerifyToken{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *VerifyToken) Execute(ctx context.Context, query VerifyTokenQuery) (VerifyTokenResult, error) {
	now := u.clock()
	claims, err := steps.ParseToken(ctx, u.parser, query.Token, u.policy, now, domain.AccessToken, domain.RefreshToken)
	if err != nil {
		return VerifyTokenResult{}, err
	}
	_, session, err := steps.SessionOf(ctx, u.store, claims, u.policy, now)
	if err == nil && claims.Type == domain.RefreshToken {
		_, err = session.Present(claims, u.policy, now) // verifying a replayed token does not end its session
	}
	return VerifyTokenResult{}, err
}
