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
// name a session: a session is not opened for an expired token of the shop's Django.
func (p Presented) Genuine(ctx context.Context, tokens []domain.Token, now time.Time) (found []domain.Claims) {
	for _, token := range tokens {
		claims, err := ParseToken(ctx, p.Parser, token, p.Policy, now, domain.AccessToken, domain.RefreshToken)
		outOfTime := errors.Is(err, domain.ErrTokenExpired) || domain.ReasonOf(err) == domain.ReasonIssuedInFuture
		if err == nil || outOfTime && claims.Session != "" {
			found = append(found, claims)
		}
	}
	return found
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
