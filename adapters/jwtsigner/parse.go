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
	payload, ok := t.verified(token.Reveal())
	if !ok {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
	claims, ok := readClaims(string(payload))
	if !ok {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
	return claims, nil
}

// verified returns the payload of a token that one of the keys has signed.
func (t *Tokens) verified(compact string) ([]byte, bool) {
	header, payload, signature, ok := split(compact)
	if !ok {
		return nil, false
	}
	bytes, ok := decode(signature)
	if !ok {
		return nil, false
	}
	signed := compact[:len(header)+1+len(payload)]
	signs := func(key Key) bool { return key.verifies(signed, bytes) }
	if !slices.ContainsFunc(t.ring.find(header), signs) {
		return nil, false
	}
	return decode(payload)
}
