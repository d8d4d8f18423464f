package domain_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"gatehouse/domain"
)

// The token of a renewal is handed out again for a minute, but not past half of its lifetime.
func TestRenewed(t *testing.T) {
	const second, ms = time.Second, time.Millisecond
	for name, c := range map[string]struct {
		access, left time.Duration // of the access token, and of the session when it was renewed
		after        time.Duration
		want         bool
	}{
		"at once":                      {15 * time.Minute, time.Hour, 0, true},
		"within the minute":            {15 * time.Minute, time.Hour, 60*second - ms, true},
		"after a minute":               {15 * time.Minute, time.Hour, 60 * second, false},
		"before half of a short one":   {30 * second, time.Hour, 15*second - ms, true},
		"at half of a short one":       {30 * second, time.Hour, 15 * second, false},
		"half is a minute":             {2 * time.Minute, time.Hour, 60*second - ms, true},
		"the session's end is near":    {15 * time.Minute, 20 * second, 10 * second, false},
		"the session's end is nearer":  {15 * time.Minute, 20 * second, 10*second - ms, true},
		"the token is over at once":    {15 * time.Minute, 0, 0, false},
		"the clock was put back":       {15 * time.Minute, time.Hour, -ms, false},
		"the clock was put back a day": {15 * time.Minute, time.Hour, -24 * time.Hour, false},
	} {
		policy := domain.Policy{AccessLifetime: c.access, SessionLifetime: 30 * 24 * time.Hour}
		session := domain.NewSession("s", "p", domain.CarrierCookies, domain.Client{}, policy, noon)
		session.ExpiresAt = noon.Add(c.left)
		if _, again := session.Renewed(policy, noon.Add(c.after)); again {
			t.Errorf("%s: a session that was never renewed has a token to repeat", name)
		}
		session.Renew("t", domain.Client{}, noon)
		claims, again := session.Renewed(policy, noon.Add(c.after))
		if want := session.AccessClaims("t", policy, noon); again != c.want || !reflect.DeepEqual(claims, want) {
			t.Errorf("%s: %t, want %t; %+v, want %+v", name, again, c.want, claims, want)
		}
	}
}

func TestRenewCountsAsUse(t *testing.T) {
	session, at := domain.Session{ID: "s", Generation: 3}, netip.MustParseAddr("192.0.2.8")
	session.Renew("t", domain.Client{Address: at}, noon)
	want := domain.Session{ID: "s", Generation: 3, RenewedToken: "t", RenewedAt: noon, LastUsedAt: noon, LastAddress: at}
	if session != want {
		t.Errorf("the session is %+v, want %+v", session, want)
	}
}
