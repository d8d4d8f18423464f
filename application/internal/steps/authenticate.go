package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ParseToken reads a token and checks its claims. The token must be signed by a known key, valid now and
// of one of the types. The claims of a genuine token are returned beside a refusal too.
//
// Errors: those of [domain.Claims.Check]; [domain.ErrTokenNoStaff].
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

// IsForged reports whether a token was refused because no known key has signed it. Such refusals are not
// audited: anybody can make as many of these tokens as they like.
func IsForged(refusal error) bool { return domain.ReasonOf(refusal) == domain.ReasonTokenInvalid }

// OwnerOf returns the owner of a token. Beside [domain.ErrStaffNotFound] the result has the ID.
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

// Authenticate returns the owner of a valid access token, and its session, which is running. The owner is
// returned beside [domain.ErrPasswordResetRequired] too.
//
// Errors: those of [ParseToken] and [domain.Session.Check]; [domain.ErrStaffNotFound];
// [domain.ErrSessionNotFound].
func Authenticate(
	ctx context.Context, store ports.Store, parser ports.TokenParser, token domain.Token,
	policy domain.Policy, now time.Time,
) (domain.Staff, domain.Session, error) {
	claims, err := ParseToken(ctx, parser, token, policy, now, domain.AccessToken)
	if err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	owner, session, err := SessionOf(ctx, store, claims, policy, now)
	if err != nil && !errors.Is(err, domain.ErrPasswordResetRequired) {
		return domain.Staff{}, domain.Session{}, err
	}
	return owner, session, err
}

// SessionOf returns the owner and the running session that the claims name. It reads the store once, and
// in most cases the store's cache. The owner may be returned beside [domain.ErrPasswordResetRequired] too.
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

// lookUp asks the store for the session and its owner at once. It returns false if that does not find
// them; then the slower [Admit] returns the reason.
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

// Admit returns the owner and the running session that the claims name. A token of the shop's Django that
// was never refreshed here has a session without an ID, which is not stored.
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
