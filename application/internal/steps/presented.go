package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Presented finds the sessions of tokens that a client gives up, such as at a sign-out. Invalid tokens are
// ignored. A token still names its session if it has expired, or was issued before the clock was put back.
type Presented struct {
	Parser    ports.TokenParser
	SessionID ports.NewSessionID
	Policy    domain.Policy
}

// Genuine returns the claims of the tokens that were signed by a known key. Expired ones count only if they
// name a session: a session is not opened for an expired token of the shop's Django. One whose
// time has not come counts if it will be taken then.
func (p Presented) Genuine(ctx context.Context, tokens []domain.Token, now time.Time) (found []domain.Claims) {
	for _, token := range tokens {
		claims, err := ParseToken(ctx, p.Parser, token, p.Policy, now, domain.AccessToken, domain.RefreshToken)
		outOfTime := errors.Is(err, domain.ErrTokenExpired) || early(err)
		if err == nil || outOfTime && claims.Session != "" || early(err) && p.goodLater(claims) {
			found = append(found, claims)
		}
	}
	return found
}

// early reports whether a token is refused only because its time has not come.
func early(refusal error) bool {
	reason := domain.ReasonOf(refusal)
	return reason == domain.ReasonIssuedInFuture || reason == domain.ReasonNotValidYet
}

// goodLater reports whether the token will be taken when its time comes. The clock of the shop's
// Django may be fast, and who signs out must not be signed in again then.
func (p Presented) goodLater(claims domain.Claims) bool {
	from := claims.IssuedAt
	if claims.NotBefore.After(from) {
		from = claims.NotBefore
	}
	return claims.Check(p.Policy, from, domain.AccessToken, domain.RefreshToken) == nil
}

// Session returns the owner and the session of genuine claims. It returns false if there is no session, or
// if it was revoked already.
func (p Presented) Session(records ports.Records, claims domain.Claims, client domain.Client, now time.Time) (domain.Staff, domain.Session, bool, error) {
	owner, err := OwnerOf(records.Staff(), claims)
	if err != nil {
		return domain.Staff{}, domain.Session{}, false, unlessRefusal(err)
	}
	session, err := FindSession(records.Sessions(), owner, claims, p.SessionID(), client, p.Policy, now)
	if err != nil {
		return domain.Staff{}, domain.Session{}, false, unlessRefusal(err)
	}
	return owner, session, !session.Revoked(owner), nil
}

func unlessRefusal(err error) error {
	if domain.IsRefusal(err) {
		return nil
	}
	return err
}
