package sessions

import (
	"context"
	"slices"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A desk serves people who ask about their own sessions. Their access token says who they are.
type desk struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// An asker is the owner of a valid access token.
type asker struct {
	owner   domain.Staff
	current domain.Session // of the token; its ID is "" for a token of the shop's Django that was never refreshed
	now     time.Time
}

// serve calls answer for the owner of the token, within one View or Update of the store.
//
// Errors: those of [signin.CurrentStaff], and that of answer.
func (d desk) serve(
	ctx context.Context, token domain.Token,
	within func(context.Context, func(ports.Records) error) error, answer func(ports.Records, asker) error,
) error {
	now := d.clock()
	claims, err := steps.ParseToken(ctx, d.parser, token, d.policy, now, domain.AccessToken)
	if err != nil {
		return err
	}
	return within(ctx, func(records ports.Records) error {
		owner, current, err := steps.Admit(records, claims, d.policy, now)
		if err != nil {
			return err
		}
		return answer(records, asker{owner, current, now})
	})
}

// runningOf returns the running sessions of a person that they may still use, oldest first.
func runningOf(records ports.Records, owner domain.Staff, policy domain.Policy, now time.Time) ([]domain.Session, error) {
	all, err := records.Sessions().OfStaff(owner.ID)
	return slices.DeleteFunc(all, func(s domain.Session) bool { return s.Check(owner, policy, now) != nil }), err
}

// revocation says that a person or an operator ends sessions.
func revocation(by domain.Reason, client domain.Client, now time.Time) steps.Ending {
	return steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: by, Client: client, Now: now}
}
