package memory

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Tokens signs by remembering: a token is known if it was handed out here. Equal claims
// give equal tokens. The zero Tokens is ready.
type Tokens struct {
	mu     sync.Mutex
	claims map[string]domain.Claims
}

var (
	_ ports.TokenSigner = (*Tokens)(nil)
	_ ports.TokenParser = (*Tokens)(nil)
)

// Sign implements [ports.TokenSigner].
func (t *Tokens) Sign(ctx context.Context, claims domain.Claims) (domain.Token, error) {
	if err := ctx.Err(); err != nil {
		return domain.Token{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.claims == nil {
		t.claims = map[string]domain.Claims{}
	}
	for compact, known := range t.claims {
		if reflect.DeepEqual(known, claims) {
			return domain.NewToken(compact), nil
		}
	}
	compact := fmt.Sprintf("%s.%d.%s", claims.Type, len(t.claims), claims.ID)
	t.claims[compact] = claims
	return domain.NewToken(compact), nil
}

// Parse implements [ports.TokenParser].
func (t *Tokens) Parse(ctx context.Context, token domain.Token) (domain.Claims, error) {
	if err := ctx.Err(); err != nil {
		return domain.Claims{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	claims, ok := t.claims[token.Reveal()]
	if !ok {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
	return claims, nil
}
