package domain_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestNewSession(t *testing.T) {
	client := porttest.Client()
	got := domain.NewSession("s1", person().ID, domain.CarrierCookies, client, porttest.Policy(), porttest.Noon)
	want := domain.Session{
		ID: "s1", StaffID: person().ID, OpenedIn: domain.CarrierCookies,
		CreatedAt: porttest.Noon, LastUsedAt: porttest.Noon, ExpiresAt: porttest.Noon.AddDate(0, 0, 30),
		Address: client.Address, UserAgent: client.UserAgent, LastAddress: client.Address,
	}
	if got != want || got.Over() {
		t.Errorf("the session is %+v, want %+v", got, want)
	}
	for generation := range int64(3) {
		at := porttest.Noon.Add(time.Duration(generation) * time.Hour)
		got.Rotate(domain.TokenID("f1"), at)
		want.Generation, want.CurrentToken, want.RotatedAt = generation+1, "f1", at
		if got != want {
			t.Errorf("rotated, the session is %+v, want %+v", got, want)
		}
	}
}

// Sessions that ended before this one began stay apart from it, whatever the clock says.
func TestBeginAfter(t *testing.T) {
	for _, test := range []struct {
		name        string
		ended, want time.Time
	}{
		{"never ended", time.Time{}, porttest.Noon},
		{"ended before", seconds(-1), porttest.Noon},
		{"ended in the future", seconds(3600), seconds(3600)},
	} {
		session := domain.NewSession("s1", person().ID, domain.CarrierCookies, porttest.Client(), porttest.Policy(), porttest.Noon)
		want := session
		session.BeginAfter(test.ended)
		want.CreatedAt = test.want
		if session != want {
			t.Errorf("%s: the session is %+v, want %+v", test.name, session, want)
		}
		owner := person(func(s *domain.Staff) { s.SessionsEndedAt = test.ended })
		if err := session.Check(owner, porttest.Policy(), porttest.Noon); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// The owner was told at some time to sign in again everywhere; a token from before that
// must not become a running session.
func TestAdoptSession(t *testing.T) {
	ended := porttest.Noon.Add(500 * time.Millisecond)
	for _, test := range []struct {
		name          string
		ended, issued time.Time
		over          bool
	}{
		{"never ended", time.Time{}, seconds(0), false},
		{"never ended, no time of issue", time.Time{}, time.Time{}, false},
		{"issued before", ended, seconds(-1), true},
		{"issued in the same second", ended, seconds(0), true},
		{"issued in the next second", ended, seconds(1), false},
		{"ended at a whole second", seconds(0), seconds(0), true},
		{"no time of issue", ended, time.Time{}, true},
	} {
		owner := person(func(s *domain.Staff) { s.SessionsEndedAt = test.ended })
		claims := domain.Claims{ID: "django", IssuedAt: test.issued, ExpiresAt: seconds(90)}
		want := domain.Session{
			ID: "s1", StaffID: owner.ID, AdoptedToken: "django", Generation: 1,
			CurrentToken: "django", RotatedAt: later,
			CreatedAt: later, LastUsedAt: later, ExpiresAt: seconds(90),
			Address: porttest.Client().Address, UserAgent: porttest.Client().UserAgent,
			LastAddress: porttest.Client().Address,
		}
		if test.over {
			want.EndedAt, want.EndReason = test.ended, domain.EndBeforeAdoption
		}
		got := domain.AdoptSession("s1", owner, claims, porttest.Client(), porttest.Policy(), later)
		if got != want || got.Over() != test.over {
			t.Errorf("%s: the session is %+v, want %+v", test.name, got, want)
		}
	}
}

// Who may name a session: its owner, with tokens of a key that signed when it was opened.
func TestSessionNamed(t *testing.T) {
	signs := porttest.Policy()
	signs.SharedSecretSigns = true
	owner, other := person(), person(func(s *domain.Staff) { s.ID = "00000000-0000-4000-8000-000000000009" })
	for name, test := range map[string]struct {
		opened domain.Policy
		by     domain.Staff
		shared bool
		want   error
		reason domain.Reason
	}{
		"our own token":                 {porttest.Policy(), owner, false, nil, ""},
		"somebody else's":               {porttest.Policy(), other, false, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		"the secret, before it signed":  {porttest.Policy(), owner, true, domain.ErrTokenInvalid, domain.ReasonSharedSecret},
		"the secret, when it signed":    {signs, owner, true, nil, ""},
		"the secret, somebody else's":   {signs, other, true, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		"our own token, of a newer key": {signs, owner, false, nil, ""},
	} {
		claims := domain.Claims{ID: "django", IssuedAt: seconds(0), ExpiresAt: seconds(90)}
		for _, session := range []domain.Session{
			domain.NewSession("s1", owner.ID, domain.CarrierBody, porttest.Client(), test.opened, porttest.Noon),
			domain.AdoptSession("s1", owner, claims, porttest.Client(), test.opened, porttest.Noon),
		} {
			err := session.Named(domain.Claims{Session: "s1", SharedSecret: test.shared}, test.by)
			mustRefuse(t, name, err, test.want, test.reason)
		}
	}
}

func TestSessionEndsOnce(t *testing.T) {
	session := porttest.Session(1, person())
	session.End(domain.EndSignedOut, porttest.Noon)
	session.End(domain.EndPasswordChanged, later)
	if !session.Over() || session.EndedAt != porttest.Noon || session.EndReason != domain.EndSignedOut {
		t.Errorf("the session ended at %v by %q, want its first end", session.EndedAt, session.EndReason)
	}
}

func TestSessionCheck(t *testing.T) {
	ended := func(s *domain.Session) { s.End(domain.EndSignedOut, porttest.Noon) }
	expiresAt := func(at time.Time) func(*domain.Session) {
		return func(s *domain.Session) { s.ExpiresAt = at }
	}
	asItIs := func(*domain.Session) {}
	for _, test := range []struct {
		name   string
		owner  domain.Staff
		change func(*domain.Session)
		warn   bool
		want   error
		reason domain.Reason
	}{
		{"running", person(), asItIs, false, nil, ""},
		{"inactive", person(inactive), asItIs, false, domain.ErrAccountInactive, domain.ReasonInactive},
		{"left", person(leaving("2026-03-03")), asItIs, false, domain.ErrAccountInactive, domain.ReasonLeft},
		{"leaves tomorrow", person(leaving("2026-03-04")), asItIs, false, nil, ""},
		{"reset due", person(resetDue), asItIs, false, domain.ErrPasswordResetRequired, domain.ReasonPasswordResetRequired},
		{"reset due, announced only", person(resetDue), asItIs, true, nil, ""},
		{"over", person(), ended, false, domain.ErrSessionEnded, domain.ReasonSessionEnded},
		{"replaced", person(), func(s *domain.Session) { s.End(domain.EndReplaced, porttest.Noon) }, false, domain.ErrSessionEnded, domain.ReasonReplaced},
		{"expires in a millisecond", person(), expiresAt(porttest.Noon.Add(time.Millisecond)), false, nil, ""},
		{"expires now", person(), expiresAt(porttest.Noon), false, domain.ErrTokenExpired, domain.ReasonSessionExpired},
		{"expired", person(), expiresAt(seconds(-1)), false, domain.ErrTokenExpired, domain.ReasonSessionExpired},
	} {
		policy := porttest.Policy()
		policy.EnforcePasswordReset = !test.warn
		session := porttest.Session(1, test.owner)
		test.change(&session)
		mustRefuse(t, test.name, session.Check(test.owner, policy, porttest.Noon), test.want, test.reason)
	}
}

func TestSessionCheckOrder(t *testing.T) {
	owner := person(inactive, resetDue, leaving("2026-03-03"))
	session := porttest.Session(1, owner)
	session.End(domain.EndSignedOut, porttest.Noon)
	session.ExpiresAt = porttest.Noon
	for _, step := range []struct {
		reason domain.Reason
		repair func()
	}{
		{domain.ReasonInactive, func() { owner.IsActive = true }},
		{domain.ReasonLeft, func() { owner.DateLeft = domain.Date{} }},
		{domain.ReasonPasswordResetRequired, func() { owner.Credentials.NeedsReset = false }},
		{domain.ReasonSessionEnded, func() { session.EndedAt = time.Time{} }},
		{domain.ReasonSessionExpired, func() { session.ExpiresAt = later }},
		{"", func() {}},
	} {
		if got := domain.ReasonOf(session.Check(owner, porttest.Policy(), porttest.Noon)); got != step.reason {
			t.Errorf("the refusal is for %q, want %q next", got, step.reason)
		}
		step.repair()
	}
}

// Only what lies with the account ends a session that was running.
func TestEndAfter(t *testing.T) {
	for _, test := range []struct {
		owner  domain.Staff
		change func(*domain.Session)
		want   domain.EndReason // "" if the refusal does not end the session
	}{
		{person(inactive), func(*domain.Session) {}, domain.EndAccountDeactivated},
		{person(leaving("2026-03-03")), func(*domain.Session) {}, domain.EndAccountLeft},
		{person(resetDue), func(*domain.Session) {}, domain.EndPasswordResetDue},
		{person(), func(s *domain.Session) { s.End(domain.EndSignedOut, porttest.Noon) }, ""},
		{person(), func(s *domain.Session) { s.ExpiresAt = porttest.Noon }, ""},
		{person(), func(*domain.Session) {}, ""},
	} {
		session := porttest.Session(1, test.owner)
		test.change(&session)
		err := session.Check(test.owner, porttest.Policy(), porttest.Noon)
		for _, err := range []error{err, fmt.Errorf("refreshing: %w", err)} {
			if got, ends := domain.EndAfter(err); got != test.want || ends != (test.want != "") {
				t.Errorf("after %v the session ends: %q, %t; want %q", err, got, ends, test.want)
			}
		}
	}
	for _, err := range []error{nil, domain.ErrUnavailable, errors.New("something else")} {
		if got, ends := domain.EndAfter(err); ends || got != "" {
			t.Errorf("after %v the session ends: %q", err, got)
		}
	}
}

func TestSessionRevoked(t *testing.T) {
	changed := func(at time.Time) domain.Staff {
		return person(func(s *domain.Staff) { s.Credentials.ChangedAt = at })
	}
	unchanged, before, since := changed(time.Time{}), changed(seconds(-1)), changed(seconds(1))
	revokes := map[domain.EndReason]bool{
		domain.EndSignedOut: true, domain.EndBlacklisted: true, domain.EndPasswordChanged: true, domain.EndBeforeAdoption: false,
		domain.EndPasswordResetDue: false, domain.EndAccountDeactivated: false, domain.EndAccountLeft: false, domain.EndAccountImported: false,
		domain.EndReplayed: true, domain.EndReplaced: true, domain.EndTooMany: true, domain.EndRevoked: true, domain.EndRestored: true,
	}
	source, err := os.ReadFile("session.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, declared := range regexp.MustCompile(`EndReason = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		if _, said := revokes[domain.EndReason(declared[1])]; !said {
			t.Errorf("%s is new: say in this test whether it revokes a session, and in EndReason.ofAccount", declared[1])
		}
	}
	for reason, asSuch := range revokes {
		session := porttest.Session(1, person())
		for _, owner := range []domain.Staff{unchanged, before, since} {
			if session.Revoked(owner) {
				t.Error("a running session is revoked")
			}
		}
		session.End(reason, later)
		for owner, want := range map[domain.Staff]bool{unchanged: asSuch, before: asSuch, since: true} {
			if got := session.Revoked(owner); got != want {
				t.Errorf("ended by %q, with a password of %v, it is revoked: %t, want %t", reason, owner.Credentials.ChangedAt, got, want)
			}
		}
	}
}

func TestSessionClaims(t *testing.T) {
	session := porttest.Session(1, person())
	session.Generation, session.CurrentToken, session.RotatedAt = 4, "f2", porttest.Noon.Add(-time.Hour)
	access := domain.Claims{
		Type: domain.AccessToken, ID: "f1", UserID: string(session.StaffID), Session: session.ID,
		IssuedAt: porttest.Noon, ExpiresAt: porttest.Noon.Add(15 * time.Minute),
		Issuer: strict().Issuer, Audience: []string{strict().Audience},
	}
	mustClaim(t, "access", session.AccessClaims("f1", strict(), porttest.Noon), access)

	refresh := access
	refresh.Type, refresh.ID, refresh.ExpiresAt, refresh.Generation = domain.RefreshToken, "f2", session.ExpiresAt, 4
	refresh.IssuedAt = porttest.Noon.Add(-time.Hour)
	mustClaim(t, "refresh", session.RefreshClaims(strict()), refresh)

	access.Issuer, access.Audience = "", nil
	mustClaim(t, "no issuer", session.AccessClaims("f1", porttest.Policy(), porttest.Noon), access)
}

// A token says whole seconds, none of them later than the truth, and outlives its session
// in no case.
func TestSessionClaimsInTime(t *testing.T) {
	opened := porttest.Noon.Add(700 * time.Millisecond)
	session := domain.NewSession("s1", person().ID, domain.CarrierCookies, porttest.Client(), porttest.Policy(), opened)
	session.Rotate("f2", opened)
	end := porttest.Noon.AddDate(0, 0, 30)
	for _, test := range []struct {
		name              string
		now, issued, ends time.Time
	}{
		{"at first", opened, porttest.Noon, seconds(15 * 60)},
		{"a second before the cap", end.Add(-15*time.Minute - time.Second), end.Add(-15*time.Minute - time.Second), end.Add(-time.Second)},
		{"at the cap", end.Add(-15*time.Minute + 700*time.Millisecond), end.Add(-15 * time.Minute), end},
		{"near the end", end.Add(-1500 * time.Millisecond), end.Add(-2 * time.Second), end},
	} {
		access := session.AccessClaims("f1", porttest.Policy(), test.now)
		if !access.IssuedAt.Equal(test.issued) || !access.ExpiresAt.Equal(test.ends) {
			t.Errorf("%s: access from %v to %v, want %v to %v", test.name, access.IssuedAt, access.ExpiresAt, test.issued, test.ends)
		}
	}
	if refresh := session.RefreshClaims(porttest.Policy()); !refresh.IssuedAt.Equal(porttest.Noon) || !refresh.ExpiresAt.Equal(end) {
		t.Errorf("refresh from %v to %v, want %v to %v", refresh.IssuedAt, refresh.ExpiresAt, porttest.Noon, end)
	}
}

func mustClaim(t *testing.T, what string, got, want domain.Claims) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s claims are\n%+v, want\n%+v", what, got, want)
	}
}

// A token of Django's that is good for ever does not make a session that is.
func TestAdoptSessionForALimitedTime(t *testing.T) {
	claims := domain.Claims{ID: "django", IssuedAt: porttest.Noon, ExpiresAt: porttest.Noon.AddDate(50, 0, 0)}
	got := domain.AdoptSession("s1", person(), claims, porttest.Client(), porttest.Policy(), porttest.Noon)
	if want := porttest.Noon.Add(porttest.Policy().SessionLifetime); !got.ExpiresAt.Equal(want) {
		t.Errorf("the session expires at %v, want %v", got.ExpiresAt, want)
	}
}

// A session runs until it is ended, or its time or that without use is over.
func TestRunning(t *testing.T) {
	policy := porttest.Policy()
	policy.IdleLifetime = time.Hour
	session := porttest.Session(1, porttest.Person(1))
	ended := session
	ended.End(domain.EndSignedOut, porttest.Noon)
	for _, test := range []struct {
		name    string
		session domain.Session
		after   time.Duration
		want    bool
	}{
		{"new", session, 0, true},
		{"used lately", session, time.Hour - time.Millisecond, true},
		{"idle", session, time.Hour, false},
		{"ended", ended, 0, false},
	} {
		if got := test.session.Running(policy, porttest.Noon.Add(test.after)); got != test.want {
			t.Errorf("%s: running: %t, want %t", test.name, got, test.want)
		}
	}
}

// The oldest running sessions make room for one more; those that are over do not count.
func TestSurplus(t *testing.T) {
	var all []domain.Session
	for n := range 4 {
		all = append(all, porttest.Session(n+1, porttest.Person(1)))
	}
	all[1].End(domain.EndSignedOut, porttest.Noon)
	for limit, want := range map[int][]domain.Session{
		0: nil, 1: {all[0], all[2], all[3]}, 2: {all[0], all[2]}, 3: {all[0]}, 4: nil,
	} {
		policy := porttest.Policy()
		policy.MaxSessions = limit
		if got := policy.Surplus(all, porttest.Noon); !slices.Equal(got, want) {
			t.Errorf("of three running sessions %d end if %d are allowed, want %d", len(got), limit, len(want))
		}
	}
}
