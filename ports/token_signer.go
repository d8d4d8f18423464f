package ports

import (
	"context"

	"gatehouse/domain"
)

// A TokenSigner turns claims into a token.
type TokenSigner interface {
	// Sign returns the claims as a compact JWS (RFC 7515), with the members in the order
	// of SimpleJWT: token_type, exp, iat, jti, user_id, sid, gen, nbf, iss, aud. Empty claims
	// are left out, times are whole seconds.
	Sign(ctx context.Context, claims domain.Claims) (domain.Token, error)
}
