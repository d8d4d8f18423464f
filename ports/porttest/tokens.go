package porttest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Tokens tests a [ports.TokenSigner] and the [ports.TokenParser] that reads its tokens.
func Tokens(t *testing.T, signer ports.TokenSigner, parser ports.TokenParser) {
	policy := Policy()
	policy.Issuer, policy.Audience = "https://shop.example.test", "shop"
	session := Session(1, Person(1))
	sets := map[string]domain.Claims{
		"access":             session.AccessClaims("f1", Policy(), Noon),
		"refresh":            session.RefreshClaims(Policy()),
		"issuer, audience":   session.AccessClaims("f3", policy, Noon),
		"without a session":  {Type: domain.RefreshToken, ID: "f4", UserID: string(staffID(1)), IssuedAt: Noon, ExpiresAt: Noon.Add(time.Hour)},
		"of the whole world": {Type: domain.AccessToken, ID: "ü<&>\u2028", UserID: string(staffID(1)), IssuedAt: Noon, ExpiresAt: Noon.Add(time.Hour)},
	}
	sets["every claim"] = everyClaim(t)
	for name, want := range sets {
		t.Run("round trip/"+name, func(t *testing.T) {
			token := sign(t, signer, want)
			got, err := parser.Parse(t.Context(), token)
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("claims are %+v, want %+v", got, want)
			}
			if sign(t, signer, want).Reveal() != token.Reveal() {
				t.Error("the same claims give another token")
			}
		})
	}
	t.Run("foreign", func(t *testing.T) {
		compact := sign(t, signer, sets["access"]).Reveal()
		for _, text := range []string{"", "x", "a.b.c", compact + "x", compact[:len(compact)-1], " " + compact} {
			if _, err := parser.Parse(t.Context(), domain.NewToken(text)); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("Parse of a text of %d bytes: %v, want ErrTokenInvalid", len(text), err)
			}
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := signer.Sign(ctx, sets["access"]); !errors.Is(err, context.Canceled) {
			t.Errorf("Sign: %v, want context.Canceled", err)
		}
		if _, err := parser.Parse(ctx, domain.NewToken("x")); !errors.Is(err, context.Canceled) {
			t.Errorf("Parse: %v, want context.Canceled", err)
		}
	})
}

func sign(t *testing.T, signer ports.TokenSigner, claims domain.Claims) domain.Token {
	t.Helper()
	token, err := signer.Sign(t.Context(), claims)
	if err != nil {
		t.Fatalf("Sign: %v", err)
	}
	return token
}

// everyClaim has a value in every field. A new claim needs one here, and then fails the round trip until
// the signer writes it and the parser reads it.
func everyClaim(t *testing.T) domain.Claims {
	t.Helper()
	session := Session(1, Person(1))
	session.Generation = 7
	claims := session.RefreshClaims(Policy())
	claims.NotBefore, claims.Issuer, claims.Audience = Noon, "https://shop.example.test", []string{"shop"}
	fields := reflect.ValueOf(claims)
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		if name != "SharedSecret" && fields.Field(i).IsZero() { // which is no claim
			t.Errorf("domain.Claims.%s has no value here: give it one, and write and read the claim in adapters/jwtsigner", name)
		}
	}
	return claims
}
