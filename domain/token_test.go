package domain_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// strict is a policy by which every check has something to look at.
func strict() domain.Policy {
	policy := porttest.Policy()
	policy.Issuer, policy.Audience, policy.Leeway = "https://shop.example.test", "shop", 5*time.Second
	return policy
}

// goodClaims hold by the strict policy at noon.
func goodClaims(changes ...func(*domain.Claims)) domain.Claims {
	claims := porttest.Session(1, person()).AccessClaims("f1", strict(), porttest.Noon)
	for _, change := range changes {
		change(&claims)
	}
	return claims
}

func seconds(n int) time.Time { return porttest.Noon.Add(time.Duration(n) * time.Second) }

func TestClaimsCheck(t *testing.T) {
	type claims = domain.Claims
	invalid, expired := domain.ErrTokenInvalid, domain.ErrTokenExpired
	for _, test := range []struct {
		name   string
		change func(*claims)
		want   error
		reason domain.Reason
	}{
		{"good", func(*claims) {}, nil, ""},

		{"issued at the end of the leeway", func(c *claims) { c.IssuedAt = seconds(5) }, nil, ""},
		{"issued after it", func(c *claims) { c.IssuedAt = seconds(6) }, invalid, domain.ReasonIssuedInFuture},
		{"no time of issue", func(c *claims) { c.IssuedAt = time.Time{} }, nil, ""},
		{"valid from the end of the leeway", func(c *claims) { c.NotBefore = seconds(5) }, nil, ""},
		{"valid after it", func(c *claims) { c.NotBefore = seconds(6) }, invalid, domain.ReasonNotValidYet},
		{"expired within the leeway", func(c *claims) { c.ExpiresAt = seconds(-4) }, nil, ""},
		{"expired at its end", func(c *claims) { c.ExpiresAt = seconds(-5) }, expired, domain.ReasonTokenExpired},
		{"expired before", func(c *claims) { c.ExpiresAt = seconds(-6) }, expired, domain.ReasonTokenExpired},
		{"expired in 1970", func(c *claims) { c.ExpiresAt = time.Unix(0, 0) }, expired, domain.ReasonTokenExpired},

		{"no issuer", func(c *claims) { c.Issuer = "" }, invalid, domain.ReasonWrongIssuer},
		{"another issuer", func(c *claims) { c.Issuer = "https://shop.example.test/" }, invalid, domain.ReasonWrongIssuer},
		{"no audience", func(c *claims) { c.Audience = nil }, invalid, domain.ReasonWrongAudience},
		{"an empty audience", func(c *claims) { c.Audience = []string{""} }, invalid, domain.ReasonWrongAudience},
		{"another audience", func(c *claims) { c.Audience = []string{"sho", "shop2", "Shop"} }, invalid, domain.ReasonWrongAudience},
		{"one audience of several", func(c *claims) { c.Audience = []string{"other", "shop"} }, nil, ""},

		{"no expiry", func(c *claims) { c.ExpiresAt = time.Time{} }, domain.ErrTokenNoExpiry, domain.ReasonTokenIncomplete},
		{"no id", func(c *claims) { c.ID = "" }, domain.ErrTokenNoID, domain.ReasonTokenIncomplete},
		{"no type", func(c *claims) { c.Type = "" }, domain.ErrTokenNoType, domain.ReasonTokenIncomplete},
		{"the other type", func(c *claims) { c.Type = domain.RefreshToken }, domain.ErrTokenWrongType, domain.ReasonTokenWrongType},
		{"a type in capitals", func(c *claims) { c.Type = "Access" }, domain.ErrTokenWrongType, domain.ReasonTokenWrongType},
		{"no session", func(c *claims) { c.Session = "" }, nil, ""},
	} {
		err := goodClaims(test.change).Check(strict(), porttest.Noon, domain.AccessToken)
		mustRefuse(t, test.name, err, test.want, test.reason)
	}
}

// Without a leeway and with the clock between two seconds.
func TestClaimsCheckAtBoundaries(t *testing.T) {
	policy := strict()
	policy.Leeway = 0
	for _, test := range []struct {
		name   string
		now    time.Time
		want   error
		reason domain.Reason
	}{
		{"a millisecond before the issue", seconds(60).Add(-time.Millisecond), domain.ErrTokenInvalid, domain.ReasonIssuedInFuture},
		{"at the issue", seconds(60), nil, ""},
		{"a millisecond before the expiry", seconds(120).Add(-time.Millisecond), nil, ""},
		{"at the expiry", seconds(120), domain.ErrTokenExpired, domain.ReasonTokenExpired},
		{"after the expiry", seconds(121), domain.ErrTokenExpired, domain.ReasonTokenExpired},
	} {
		claims := goodClaims(func(c *domain.Claims) { c.IssuedAt, c.NotBefore, c.ExpiresAt = seconds(60), seconds(60), seconds(120) })
		mustRefuse(t, test.name, claims.Check(policy, test.now, domain.AccessToken), test.want, test.reason)
	}
}

// Claims in which everything is wrong are put right one by one; each step shows what is
// looked at next.
func TestClaimsCheckOrder(t *testing.T) {
	policy := strict()
	policy.AcceptDjangoTokensUntil = porttest.Noon
	claims := domain.Claims{IssuedAt: seconds(60), NotBefore: seconds(60), ExpiresAt: seconds(-60)}
	for _, step := range []struct {
		want   error
		reason domain.Reason
		repair func()
	}{
		{domain.ErrTokenInvalid, domain.ReasonIssuedInFuture, func() { claims.IssuedAt = seconds(0) }},
		{domain.ErrTokenInvalid, domain.ReasonNotValidYet, func() { claims.NotBefore = seconds(0) }},
		{domain.ErrTokenExpired, domain.ReasonTokenExpired, func() { claims.ExpiresAt = time.Time{} }},
		{domain.ErrTokenInvalid, domain.ReasonWrongIssuer, func() { claims.Issuer = policy.Issuer }},
		{domain.ErrTokenInvalid, domain.ReasonWrongAudience, func() { claims.Audience = []string{policy.Audience} }},
		{domain.ErrTokenNoExpiry, domain.ReasonTokenIncomplete, func() { claims.ExpiresAt = seconds(60) }},
		{domain.ErrTokenNoID, domain.ReasonTokenIncomplete, func() { claims.ID = "f1" }},
		{domain.ErrTokenNoType, domain.ReasonTokenIncomplete, func() { claims.Type = domain.RefreshToken }},
		{domain.ErrTokenWrongType, domain.ReasonTokenWrongType, func() { claims.Type = domain.AccessToken }},
		{domain.ErrTokenInvalid, domain.ReasonNoSession, func() { claims.Session = "s1" }},
		{nil, "", func() {}},
	} {
		mustRefuse(t, "next", claims.Check(policy, porttest.Noon, domain.AccessToken), step.want, step.reason)
		step.repair()
	}
}

func TestClaimsCheckTypes(t *testing.T) {
	both := []domain.TokenType{domain.AccessToken, domain.RefreshToken}
	for _, kind := range both {
		claims := goodClaims(func(c *domain.Claims) { c.Type = kind })
		mustRefuse(t, "one of two", claims.Check(strict(), porttest.Noon, both...), nil, "")
		mustRefuse(t, "one of none", claims.Check(strict(), porttest.Noon), domain.ErrTokenWrongType, domain.ReasonTokenWrongType)
	}
}

// Where neither issuer nor audience is configured, any will do.
func TestClaimsCheckWithoutIssuer(t *testing.T) {
	for _, claims := range []domain.Claims{
		goodClaims(),
		goodClaims(func(c *domain.Claims) { c.Issuer, c.Audience = "", nil }),
	} {
		mustRefuse(t, claims.Issuer, claims.Check(porttest.Policy(), porttest.Noon, domain.AccessToken), nil, "")
	}
}

func TestClaimsCheckDjangoTokens(t *testing.T) {
	for _, test := range []struct {
		name   string
		until  time.Time
		want   error
		reason domain.Reason
	}{
		{"still accepted", porttest.Noon.Add(time.Millisecond), nil, ""},
		{"until now", porttest.Noon, domain.ErrTokenInvalid, domain.ReasonNoSession},
		{"not any more", seconds(-1), domain.ErrTokenInvalid, domain.ReasonNoSession},
		{"never", time.Time{}, domain.ErrTokenInvalid, domain.ReasonNoSession},
	} {
		policy := strict()
		policy.AcceptDjangoTokensUntil = test.until
		without := goodClaims(func(c *domain.Claims) { c.Session = "" })
		mustRefuse(t, test.name, without.Check(policy, porttest.Noon, domain.AccessToken), test.want, test.reason)
		mustRefuse(t, test.name+", with a session", goodClaims().Check(policy, porttest.Noon, domain.AccessToken), nil, "")
	}
}

// What the shared secret alone proves is looked at first: not even an expired token of it
// tells anything.
func TestClaimsCheckSharedSecret(t *testing.T) {
	for until, counts := range map[time.Time]bool{
		{}: false, seconds(-1): false, porttest.Noon: false, porttest.Noon.Add(time.Millisecond): true,
	} {
		policy := strict()
		policy.AcceptDjangoTokensUntil = until
		for name, change := range map[string]func(*domain.Claims){
			"good":       func(*domain.Claims) {},
			"no session": func(c *domain.Claims) { c.Session = "" },
			"expired":    func(c *domain.Claims) { c.ExpiresAt = seconds(-60) },
			"too early":  func(c *domain.Claims) { c.IssuedAt = seconds(60) },
			"wrong type": func(c *domain.Claims) { c.Type = domain.RefreshToken },
		} {
			ours := goodClaims(change)
			shared := goodClaims(change, func(c *domain.Claims) { c.SharedSecret = true })
			want, reason := domain.ErrTokenInvalid, domain.ReasonTokenInvalid
			if counts {
				want = ours.Check(policy, porttest.Noon, domain.AccessToken)
				reason = domain.ReasonOf(want)
			}
			err := shared.Check(policy, porttest.Noon, domain.AccessToken)
			if fmt.Sprint(err) != fmt.Sprint(want) || domain.ReasonOf(err) != reason {
				t.Errorf("%s, until %v: %v for %s, want %v for %s", name, until, err, domain.ReasonOf(err), want, reason)
			}
		}
	}
}

func TestClaimsStaffID(t *testing.T) {
	id := person().ID
	if got, err := (domain.Claims{UserID: string(id)}).StaffID(); got != id || err != nil {
		t.Errorf("the owner is %q, %v; want %q", got, err, id)
	}
	for _, user := range []string{"", "1", "None", string(id) + " ", "person1@example.test"} {
		got, err := domain.Claims{UserID: user}.StaffID()
		mustRefuse(t, user, err, domain.ErrTokenNoStaff, domain.ReasonTokenIncomplete)
		if got != "" {
			t.Errorf("the owner by %q is %q, want none", user, got)
		}
	}
}

func TestClaimsLifetime(t *testing.T) {
	claims := goodClaims(func(c *domain.Claims) { c.IssuedAt, c.ExpiresAt = seconds(10), seconds(100) })
	if got := claims.Lifetime(); got != 90*time.Second {
		t.Errorf("the lifetime is %v, want 90s", got)
	}
}
