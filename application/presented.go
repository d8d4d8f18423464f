package application

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// presented finds the sessions of tokens that somebody wants to be rid of. What is no token
// of ours is passed over; one that has expired, or that was issued before the clock was put
// back, still names its session.
type presented struct {
	parser    ports.TokenParser
	sessionID ports.NewSessionID
	policy    domain.Policy
}

// genuine returns the claims of the tokens that name a session, or might be adopted.
func (p presented) genuine(ctx context.Context, tokens []domain.Token, now time.Time) (found []domain.Claims) {
	for _, token := range tokens {
		claims, err := parseToken(ctx, p.parser, token, p.policy, now, domain.AccessToken, domain.RefreshToken)
		outOfTime := errors.Is(err, domain.ErrTokenExpired) || domain.ReasonOf(err) == domain.ReasonIssuedInFuture
		if err == nil || outOfTime && claims.Session != "" {
			found = append(found, claims)
		}
	}
	return found
}

// session returns the owner and the session of genuine claims, and false if there is none
// whose tokens could be taken back any more.
func (p presented) session(records ports.Records, claims domain.Claims, client domain.Client, now time.Time) (domain.Staff, domain.Session, bool, error) {
	owner, err := ownerOf(records.Staff(), claims)
	if err != nil {
		return domain.Staff{}, domain.Session{}, false, unlessRefusal(err)
	}
	session, err := findSession(records.Sessions(), owner, claims, p.sessionID(), client, p.policy, now)
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
