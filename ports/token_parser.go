package ports

import (
	"context"

	"gatehouse/domain"
)

// A TokenParser reads tokens and proves where they come from. It may be used concurrently.
type TokenParser interface {
	// Parse returns the claims of a token that one of the configured keys has signed. It sets
	// [domain.Claims.SharedSecret] if that key was a secret and another key signs new tokens. It
	// does not ask whether the claims hold now; [domain.Claims.Check] does.
	//
	// Errors: [domain.ErrTokenInvalid] for any other form, algorithm, header or type of a claim.
	Parse(ctx context.Context, token domain.Token) (domain.Claims, error)
}
