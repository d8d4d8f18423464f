package ports

import (
	"context"

	"gatehouse/domain"
)

// A TokenSigner turns claims into a token. It may be used concurrently.
type TokenSigner interface {
	// Sign returns the claims as a compact JWS (RFC 7515). The members have SimpleJWT's order:
	// token_type, exp, iat, jti, user_id, sid, gen, nbf, iss, aud. It leaves out empty claims.
	// Times are whole seconds. Equal claims give equal tokens, byte for byte, as long as the key stays:
	// what was handed out once can be handed out again without being kept.
	Sign(ctx context.Context, claims domain.Claims) (domain.Token, error)
}
