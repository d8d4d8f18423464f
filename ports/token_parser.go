package ports

import (
	"context"

	"gatehouse/domain"
)

// A TokenParser reads tokens and proves where they come from.
type TokenParser interface {
	// Parse returns the claims of a token that one of the configured keys has signed, with
	// [domain.Claims.SharedSecret] if that was a secret and another key signs new tokens.
	// Everything else about the token is [domain.ErrTokenInvalid]: its form, its
	// algorithm, its header, or claims that are not of the right type. Whether the
	// claims hold now is not looked at: see [domain.Claims.Check].
	Parse(ctx context.Context, token domain.Token) (domain.Claims, error)
}
