package domain_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// The session's current generation is 5, since noon.
func TestPresent(t *testing.T) {
	const grace = 10 * time.Second
	policy := porttest.Policy()
	policy.RefreshGrace = grace
	without := policy
	without.RefreshGrace = 0
	for _, test := range []struct {
		name       string
		generation int64
		policy     domain.Policy
		after      time.Duration
		want       domain.Presentation
		refused    error
		reason     domain.Reason
	}{
		{"the current one", 5, policy, 0, domain.PresentedCurrent, nil, ""},
		{"the current one, long after", 5, policy, 1000 * time.Hour, domain.PresentedCurrent, nil, ""},
		{"the one before, at once", 4, policy, 0, domain.PresentedPrevious, nil, ""},
		{"the one before, at the end of the grace", 4, policy, grace - time.Millisecond, domain.PresentedPrevious, nil, ""},
		{"the one before, after the grace", 4, policy, grace, 0, domain.ErrSessionEnded, domain.ReasonReplayed},
		{"the one before, without a grace", 4, without, 0, 0, domain.ErrSessionEnded, domain.ReasonReplayed},
		{"the one before that, within the grace", 3, policy, 0, 0, domain.ErrSessionEnded, domain.ReasonReplayed},
		{"the first one", 1, policy, 0, 0, domain.ErrSessionEnded, domain.ReasonReplayed},
		{"the next one", 6, policy, 0, 0, domain.ErrSessionEnded, domain.ReasonNotIssuedYet},
		{"one of the far future", 1 << 62, policy, 0, 0, domain.ErrSessionEnded, domain.ReasonNotIssuedYet},
		{"without a generation", 0, policy, 0, 0, domain.ErrTokenInvalid, domain.ReasonTokenInvalid},
		{"with a negative one", -1, policy, 0, 0, domain.ErrTokenInvalid, domain.ReasonTokenInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			session := porttest.Session(1, person())
			session.Generation, session.RotatedAt = 5, porttest.Noon
			claims := session.RefreshClaims(policy)
			claims.Generation = test.generation
			got, err := session.Present(claims, test.policy, porttest.Noon.Add(test.after))
			if got != test.want || !errors.Is(err, test.refused) || domain.ReasonOf(err) != test.reason {
				t.Errorf("Present is %v, %v (%s); want %v, %v (%s)", got, err, domain.ReasonOf(err), test.want, test.refused, test.reason)
			}
			reason, ends := domain.EndAfter(err)
			if wanted := test.reason == domain.ReasonReplayed; ends != wanted || ends && reason != domain.EndReplayed {
				t.Errorf("it ends the session: %t (%s), want %t", ends, reason, wanted)
			}
		})
	}
}

// A token of the shop's Django is the first generation of the session that adopted it.
func TestPresentAdopted(t *testing.T) {
	claims := domain.Claims{ID: "django", IssuedAt: porttest.Noon, ExpiresAt: seconds(900)}
	session := domain.AdoptSession("s1", person(), claims, porttest.Client(), porttest.Policy(), porttest.Noon)
	if got, err := session.Present(claims, porttest.Policy(), porttest.Noon); got != domain.PresentedCurrent || err != nil {
		t.Errorf("at first: %v, %v; want the current one", got, err)
	}
	session.Rotate("f2", porttest.Noon)
	if got, err := session.Present(claims, porttest.Policy(), seconds(1)); got != domain.PresentedPrevious || err != nil {
		t.Errorf("after a rotation: %v, %v; want the previous one", got, err)
	}
	if _, err := session.Present(claims, porttest.Policy(), seconds(60)); domain.ReasonOf(err) != domain.ReasonReplayed {
		t.Errorf("after the grace: %v, want a replay", err)
	}
}

func TestRotates(t *testing.T) {
	for rotation, want := range map[domain.Rotation][3]bool{
		domain.RotateNever: {}, domain.RotateAlways: {true, true, true}, domain.RotateCookies: {false, true, false}, "": {},
	} {
		policy := domain.Policy{Rotation: rotation}
		got := [3]bool{policy.Rotates(domain.CarrierBody), policy.Rotates(domain.CarrierCookies), policy.Rotates(domain.CarrierUnknown)}
		if got != want {
			t.Errorf("%q rotates sessions of the body, of cookies, of nobody knows what: %v, want %v", rotation, got, want)
		}
		if got, want := policy.ReturnsInKind(), rotation == domain.RotateCookies; got != want {
			t.Errorf("with %q a successor goes back as its predecessor came: %t, want %t", rotation, got, want)
		}
	}
}

// The first cookie tells in what a session was opened, if nothing else does.
func TestCame(t *testing.T) {
	for _, test := range []struct {
		before   domain.Carrier
		inCookie bool
		want     domain.Carrier
	}{
		{domain.CarrierUnknown, true, domain.CarrierCookies},
		{domain.CarrierUnknown, false, domain.CarrierUnknown},
		{domain.CarrierBody, true, domain.CarrierBody},
		{domain.CarrierBody, false, domain.CarrierBody},
		{domain.CarrierCookies, true, domain.CarrierCookies},
		{domain.CarrierCookies, false, domain.CarrierCookies},
	} {
		session := domain.Session{OpenedIn: test.before}
		session.Came(test.inCookie)
		if session.OpenedIn != test.want {
			t.Errorf("%q, in a cookie: %t: it was opened in %q, want %q", test.before, test.inCookie, session.OpenedIn, test.want)
		}
	}
}

func TestSessionIdle(t *testing.T) {
	session := porttest.Session(1, person())
	session.Use(domain.Client{}, seconds(60))
	policy := porttest.Policy()
	policy.IdleLifetime = time.Hour
	if err := session.Check(person(), policy, seconds(60+3600).Add(-time.Millisecond)); err != nil {
		t.Errorf("just before the limit: %v", err)
	}
	err := session.Check(person(), policy, seconds(60+3600))
	if !errors.Is(err, domain.ErrTokenExpired) || domain.ReasonOf(err) != domain.ReasonSessionIdle {
		t.Errorf("at the limit: %v (%s), want an expired session that was idle", err, domain.ReasonOf(err))
	}
	policy.IdleLifetime = 0
	if err := session.Check(person(), policy, seconds(29*24*3600)); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}
