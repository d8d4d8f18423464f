package signin

import (
	"context"

	"gatehouse/domain"
)

// GuardRequest decides whether a request may pass the reverse proxy that asks about it. It reads and
// writes nothing itself: who sends the request comes from Identify.
//
// Errors: [domain.ErrCrossSite]; [domain.ErrNotAllowed] if the person has none of the roles; those of
// Identify unless the path is open.
type GuardRequest struct {
	policy domain.Policy
}

// GuardRequestQuery is the request, and how to find out who sends it.
type GuardRequestQuery struct {
	Request domain.GuardedRequest
	// Identify says who sends the request. It is called once at most, and only if the answer counts.
	Identify func(context.Context) (GuardRequestResult, error)
}

// GuardRequestResult is the sender of a request that may pass. It is empty if the sender is not known, as on
// open paths.
type GuardRequestResult struct {
	Owner domain.Staff
	// Session is "" for a token of the shop's Django that was never refreshed here.
	Session domain.SessionID
	// Access is the token that services behind the proxy take. It may be newer than the request's.
	Access domain.Token
}

// NewGuardRequest makes the use case.
func NewGuardRequest(policy domain.Policy) *GuardRequest { return &GuardRequest{policy} }

// Execute implements [ports.UseCase].
func (u *GuardRequest) Execute(ctx context.Context, query GuardRequestQuery) (GuardRequestResult, error) {
	nobody := GuardRequestResult{}
	demand, err := query.Request.Demand(u.policy.OpenPaths)
	if err != nil || demand == domain.DemandNothing {
		return nobody, err
	}
	sender, err := query.Identify(ctx)
	switch {
	case err != nil && demand == domain.DemandNoSignIn:
		return nobody, nil
	case err != nil:
		return nobody, err
	case demand == domain.DemandNoSignIn:
		return sender, nil
	}
	if err := query.Request.Admit(sender.Owner); err != nil {
		return nobody, err
	}
	return sender, nil
}
