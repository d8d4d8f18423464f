package jwtsigner

import (
	"context"
	"slices"

	"gatehouse/domain"
)

// Parse implements [ports.TokenParser]. Everything that is wrong is the bare
// [domain.ErrTokenInvalid]: which check it was would help those alone who forge tokens.
func (t *Tokens) Parse(ctx context.Context, token domain.Token) (domain.Claims, error) {
	if err := ctx.Err(); err != nil {
		return domain.Claims{}, err
	}
	payload, key, ok := t.verified(token.Reveal())
	if !ok {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
	claims, ok := readClaims(string(payload))
	if !ok {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
	claims.SharedSecret = key.isSecret() && !t.signing.isSecret()
	return claims, nil
}

// verified returns the payload of a token, and the key that has signed it.
func (t *Tokens) verified(compact string) ([]byte, Key, bool) {
	header, payload, signature, ok := split(compact)
	if !ok {
		return nil, Key{}, false
	}
	bytes, ok := decode(signature)
	if !ok {
		return nil, Key{}, false
	}
	signed := compact[:len(header)+1+len(payload)]
	keys := t.ring.find(header)
	i := slices.IndexFunc(keys, func(key Key) bool { return key.verifies(signed, bytes) })
	if i < 0 {
		return nil, Key{}, false
	}
	text, ok := decode(payload)
	return text, keys[i], ok
}
