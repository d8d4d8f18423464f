package jwtsigner

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

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

// signES256 signs in the form of RFC 7518, 3.4: R and S, 32 bytes each. Without a source of randomness the
// signature is deterministic (RFC 6979), so equal claims give equal tokens. The library's method draws a
// random number each time.
func signES256(private *ecdsa.PrivateKey, signed string) ([]byte, error) {
	digest := sha256.Sum256([]byte(signed))
	der, err := private.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return nil, err
	}
	signature := make([]byte, 64)
	pair.R.FillBytes(signature[:32])
	pair.S.FillBytes(signature[32:])
	return signature, nil
}
