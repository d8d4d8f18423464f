package memory

import (
	"context"
	"fmt"
	"sync"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Tokens signs by remembering: a token is known if it was handed out here. Equal claims
// give equal tokens. The zero Tokens is ready.
type Tokens struct {
	mu     sync.Mutex
	claims map[string]domain.Claims // by token
	issued map[string]string        // tokens by what they say
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
		t.claims, t.issued = map[string]domain.Claims{}, map[string]string{}
	}
	said := fmt.Sprintf("%+v", claims)
	compact, again := t.issued[said]
	if !again {
		compact = fmt.Sprintf("%s.%d.%s", claims.Type, len(t.claims), claims.ID)
		t.issued[said], t.claims[compact] = compact, claims
	}
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
