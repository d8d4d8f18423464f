package application

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// VerifyToken tells whether a token, of either type, is what it says and has not been
// taken back. Whether its owner's account is open is not asked, as with SimpleJWT.
//
// Errors: those of [domain.Claims.Check], [domain.ErrTokenNoStaff],
// [domain.ErrSessionEnded] or [domain.ErrSessionNotFound] when the token was taken back,
// [domain.ErrUnavailable].
type VerifyToken struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// VerifyTokenQuery is a token of either type.
type VerifyTokenQuery struct {
	Token domain.Token
}

// VerifyTokenResult is empty: the token is good.
type VerifyTokenResult struct{}

// NewVerifyToken makes the use case.
func NewVerifyToken(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *VerifyToken {
	return &VerifyToken{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *VerifyToken) Execute(ctx context.Context, query VerifyTokenQuery) (VerifyTokenResult, error) {
	now := u.clock()
	claims, err := parseToken(ctx, u.parser, query.Token, u.policy, now, domain.AccessToken, domain.RefreshToken)
	if err != nil {
		return VerifyTokenResult{}, err
	}
	owner, session, found, err := lookUp(ctx, u.store, claims)
	if err != nil {
		return VerifyTokenResult{}, err
	}
	if found {
		return VerifyTokenResult{}, u.check(claims, owner, session, now)
	}
	return VerifyTokenResult{}, u.store.View(ctx, func(records ports.Records) error {
		if claims.Session == "" {
			return checkAdopted(records, claims, u.policy, now)
		}
		if _, err := records.Sessions().ByID(claims.Session); err != nil {
			return err
		}
		return domain.ErrSessionNotFound // it is another person's
	})
}

// check looks at the session alone; looking at a replayed token does not end it.
func (u *VerifyToken) check(claims domain.Claims, owner domain.Staff, session domain.Session, now time.Time) error {
	switch {
	case session.Over() && session.Revoked(owner):
		return domain.ErrSessionEnded
	case session.Over():
		return nil
	case !session.Running(u.policy, now):
		return domain.ErrTokenExpired
	case claims.Type == domain.RefreshToken:
		_, err := session.Present(claims, u.policy, now)
		return err
	}
	return nil
}

// checkAdopted looks for what may have taken back a token of the shop's Django: the end
// of the session that was made for it, or a change of its owner's password.
func checkAdopted(records ports.Records, claims domain.Claims, policy domain.Policy, now time.Time) error {
	owner, err := ownerOf(records.Staff(), claims)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	session, err := records.Sessions().ByAdoptedToken(owner.ID, claims.ID)
	switch {
	case errors.Is(err, domain.ErrSessionNotFound):
		err = nil
	case err == nil && session.Revoked(owner):
		return domain.ErrSessionEnded
	case err == nil && !session.Over():
		_, err = session.Present(claims, policy, now)
	}
	if err == nil && owner.HasRevoked(claims) {
		return domain.ErrSessionEnded
	}
	return err
}
