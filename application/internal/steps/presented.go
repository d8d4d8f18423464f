package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Presented finds the sessions of tokens that somebody wants to be rid of. What is no token
// of ours is passed over; one that has expired, or that was issued before the clock was put
// back, still names its session.
type Presented struct {
	Parser    ports.TokenParser
	SessionID ports.NewSessionID
	Policy    domain.Policy
}

// genuine returns the claims of the tokens that name a session, or might be adopted.
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

// session returns the owner and the session of genuine claims, and false if there is none
// whose tokens could be taken back any more.
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
