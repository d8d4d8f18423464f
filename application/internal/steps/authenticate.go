package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ParseToken reads a token and checks its claims: it must be of one of the types, signed
// by a known key, and in time.
func ParseToken(
	ctx context.Context, parser ports.TokenParser, token domain.Token, policy domain.Policy,
	now time.Time, types ...domain.TokenType,
) (domain.Claims, error) {
	claims, err := parser.Parse(ctx, token)
	if err != nil {
		return domain.Claims{}, err
	}
	if err := claims.Check(policy, now, types...); err != nil {
		return claims, err
	}
	_, err = claims.StaffID()
	return claims, err
}

// IsForged reports whether the token that was refused is none that we, or the shop's Django in
// its time, have signed. The trail says nothing of such: anybody can make them, as many as they
// like.
func IsForged(refusal error) bool { return domain.ReasonOf(refusal) == domain.ReasonTokenInvalid }

// OwnerOf returns whose token it is. After [domain.ErrStaffNotFound] the result still
// carries the id.
func OwnerOf(staff ports.StaffFinder, claims domain.Claims) (domain.Staff, error) {
	id, err := claims.StaffID()
	if err != nil {
		return domain.Staff{}, err
	}
	owner, err := staff.ByID(id)
	if err != nil {
		return domain.Staff{ID: id}, err
	}
	return owner, nil
}

// Authenticate returns the owner of an access token whose session is running. Errors are
// those of [domain.Claims.Check] and [domain.Session.Check], [domain.ErrStaffNotFound]
// and [domain.ErrSessionNotFound]. With [domain.ErrPasswordResetRequired] the owner is
// returned as well.
func Authenticate(
	ctx context.Context, store ports.Store, parser ports.TokenParser, token domain.Token,
	policy domain.Policy, now time.Time,
) (domain.Staff, error) {
	claims, err := ParseToken(ctx, parser, token, policy, now, domain.AccessToken)
	if err != nil {
		return domain.Staff{}, err
	}
	owner, _, err := SessionOf(ctx, store, claims, policy, now)
	if err != nil && !errors.Is(err, domain.ErrPasswordResetRequired) {
		return domain.Staff{}, err
	}
	return owner, err
}

// SessionOf returns whose claims these are, and of which session, if that is running. The owner
// is returned with [domain.ErrPasswordResetRequired], too.
func SessionOf(
	ctx context.Context, store ports.Store, claims domain.Claims, policy domain.Policy, now time.Time,
) (owner domain.Staff, session domain.Session, err error) {
	owner, session, found, err := lookUp(ctx, store, claims)
	switch {
	case err != nil:
	case found:
		err = session.Check(owner, policy, now)
	default:
		err = store.View(ctx, func(records ports.Records) error {
			owner, session, err = Admit(records, claims, policy, now)
			return err
		})
	}
	return owner, session, err
}

// lookUp takes the short way to a token's session and its owner. If they are not found, the
// long way tells why.
func lookUp(ctx context.Context, store ports.Store, claims domain.Claims) (domain.Staff, domain.Session, bool, error) {
	if claims.Session == "" {
		return domain.Staff{}, domain.Session{}, false, nil
	}
	owner, session, err := store.Session(ctx, claims.Session)
	if err != nil {
		return domain.Staff{}, domain.Session{}, false, unlessRefusal(err)
	}
	id, err := claims.StaffID()
	found := err == nil && id == owner.ID && session.Named(claims, owner) == nil
	return owner, session, found, nil
}

// Admit returns whose claims these are, and of which session, if that is running. A token
// of the shop's Django that has not been adopted has a session without an id.
func Admit(records ports.Records, claims domain.Claims, policy domain.Policy, now time.Time) (domain.Staff, domain.Session, error) {
	owner, err := OwnerOf(records.Staff(), claims)
	if err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	session, err := FindSession(records.Sessions(), owner, claims, "", domain.Client{}, policy, now)
	if err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	if err := session.Check(owner, policy, now); err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	return owner, session, nil
}
