package jwtsigner_test

import (
	"testing"
	"time"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

func BenchmarkSign(b *testing.B) {
	for _, algorithm := range algorithms {
		tokens := newTokens(b, newKey(b, algorithm))
		b.Run(string(algorithm), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tokens.Sign(b.Context(), benchmarkClaims()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, algorithm := range algorithms {
		tokens := newTokens(b, newKey(b, algorithm))
		token, err := tokens.Sign(b.Context(), benchmarkClaims())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(algorithm), func(b *testing.B) { benchmarkParse(b, tokens, token) })
	}
}

// BenchmarkParseForeignHeader parses a token whose header is not spelled as ours is.
func BenchmarkParseForeignHeader(b *testing.B) {
	tokens := newTokens(b, newKey(b, jwtsigner.HS256))
	token := mintWith(sharedSecret, `{"typ":"JWT","alg":"HS256"}`, `{"token_type":"access","exp":1767225600}`)
	benchmarkParse(b, tokens, domain.NewToken(token))
}

func benchmarkParse(b *testing.B, tokens *jwtsigner.Tokens, token domain.Token) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tokens.Parse(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkClaims() domain.Claims {
	return domain.Claims{
		Type:       domain.RefreshToken,
		ExpiresAt:  time.Unix(1769817600, 0),
		IssuedAt:   time.Unix(1767225600, 0),
		ID:         "0123456789abcdef0123456789abcdef",
		UserID:     "5747a000-0000-4000-8000-000000000001",
		Session:    "fedcba9876543210fedcba9876543210",
		Generation: 7,
	}
}
