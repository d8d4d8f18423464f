package jwtsigner

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/domain"
)

// Sign implements [ports.TokenSigner]. Claims that [Tokens.Parse] would refuse are an error
// that names the claim. Fractions of seconds are cut off.
func (t *Tokens) Sign(ctx context.Context, claims domain.Claims) (domain.Token, error) {
	if err := ctx.Err(); err != nil {
		return domain.Token{}, err
	}
	payload, err := appendClaims(make([]byte, 0, 512), claims)
	if err != nil {
		return domain.Token{}, fmt.Errorf("signing a token: %w", err)
	}
	compact, err := t.compact(payload)
	if err != nil {
		return domain.Token{}, fmt.Errorf("signing a token: %w", err)
	}
	return domain.NewToken(compact), nil
}

// compact signs the payload and returns the token (RFC 7515, 7.1).
func (t *Tokens) compact(payload []byte) (string, error) {
	header := t.signing.header
	input := make([]byte, 0, len(header)+1+base64url.EncodedLen(len(payload)))
	input = append(append(input, header...), '.')
	signed := string(base64url.AppendEncode(input, payload))
	signature, err := t.signing.sign(signed)
	if err != nil {
		return "", err
	}
	compact := signed + "." + encode(signature)
	if len(compact) > domain.MaxTokenLength {
		return "", errors.New("the claims are too long")
	}
	return compact, nil
}
