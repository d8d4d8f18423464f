package domain_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestHasRevoked(t *testing.T) {
	changed := porttest.Noon.Add(500 * time.Millisecond)
	for _, test := range []struct {
		name            string
		changed, issued time.Time
		want            bool
	}{
		{"never changed", time.Time{}, porttest.Noon, false},
		{"never changed, no time of issue", time.Time{}, time.Time{}, false},
		{"issued before", changed, porttest.Noon.Add(-time.Second), true},
		{"issued in the second of the change", changed, porttest.Noon, true},
		{"issued in the next second", changed, porttest.Noon.Add(time.Second), false},
		{"changed at a whole second", porttest.Noon, porttest.Noon, true},
		{"no time of issue", changed, time.Time{}, true},
	} {
		staff := person(func(s *domain.Staff) { s.Credentials.ChangedAt = test.changed })
		if got := staff.HasRevoked(domain.Claims{IssuedAt: test.issued}); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}

func TestUpgradeHash(t *testing.T) {
	better := domain.NewPasswordHash("better$hash")
	before := person(resetDue, func(s *domain.Staff) { s.Credentials.Version = 3 })

	after := before
	after.UpgradeHash(better, 3, later)
	want := before
	want.Credentials.Hash, want.UpdatedAt = better, later
	if after != want {
		t.Errorf("the account is %+v, want the hash replaced and nothing else", after)
	}
	for _, version := range []int64{2, 4} {
		after := before
		after.UpgradeHash(better, version, later)
		if after != before {
			t.Errorf("a hash that was checked at version %d has replaced one of version 3", version)
		}
	}
}

func TestNewPassword(t *testing.T) {
	hash := domain.NewPasswordHash("new$hash")
	for name, test := range map[string]struct {
		set        func(*domain.Staff)
		needsReset bool
	}{
		"chosen by the owner":     {func(s *domain.Staff) { s.ChangePassword(hash, later) }, false},
		"chosen by somebody else": {func(s *domain.Staff) { s.SetPassword(hash, later) }, true},
	} {
		for _, before := range []domain.Staff{person(), person(resetDue), person(unusable)} {
			before.Credentials.Version = 3
			after := before
			test.set(&after)
			want := before
			want.Credentials = domain.Credentials{Hash: hash, NeedsReset: test.needsReset, Version: 4, ChangedAt: later}
			want.SessionsEndedAt, want.UpdatedAt = later, later
			if after != want {
				t.Errorf("%s: the account is %+v, want %+v", name, after, want)
			}
		}
	}
}

// A clock that is put back brings nothing back that has ended.
func TestMomentsStayWhenTheClockIsPutBack(t *testing.T) {
	for name, change := range map[string]func(*domain.Staff){
		"password":     func(s *domain.Staff) { s.ChangePassword(domain.NewPasswordHash("new$hash"), porttest.Noon) },
		"end sessions": func(s *domain.Staff) { s.EndSessions(porttest.Noon) },
		"deactivate":   func(s *domain.Staff) { s.Deactivate(porttest.Noon) },
	} {
		staff := person()
		staff.SessionsEndedAt, staff.Credentials.ChangedAt = later, later
		change(&staff)
		if staff.SessionsEndedAt != later || staff.Credentials.ChangedAt != later {
			t.Errorf("%s: sessions ended at %v, the password changed at %v; want %v", name, staff.SessionsEndedAt, staff.Credentials.ChangedAt, later)
		}
	}
}

// A change of an account tells whether it was one, and touches what it says only.
func TestStaffChanges(t *testing.T) {
	in2 := leaving("2026-03-05")
	yesterday, onDay, tomorrow := leaving("2026-03-02"), leaving("2026-03-03"), leaving("2026-03-04")
	touched := func(s *domain.Staff) { s.UpdatedAt = later }
	ended := func(s *domain.Staff) { s.SessionsEndedAt = later }
	activate := func(s *domain.Staff) bool { return s.Activate(today(), later) }
	deactivate := func(s *domain.Staff) bool { return s.Deactivate(later) }
	require := func(s *domain.Staff) bool { return s.RequirePasswordReset(later) }
	leave := func(on string) func(*domain.Staff) bool {
		return func(s *domain.Staff) bool { s.Leave(date(on), today(), later); return true }
	}
	for _, test := range []struct {
		name    string
		before  domain.Staff
		change  func(*domain.Staff) bool
		changed bool
		want    domain.Staff
	}{
		{"deactivate", person(), deactivate, true, person(inactive, touched, ended)},
		{"deactivate again", person(inactive), deactivate, false, person(inactive)},
		{"activate", person(inactive), activate, true, person(touched)},
		{"activate again", person(), activate, false, person()},
		{"activate before leaving", person(in2), activate, false, person(in2)},
		{"activate, inactive before leaving", person(inactive, in2), activate, true, person(in2, touched)},
		{"activate on the day of leaving", person(onDay), activate, true, person(touched, ended)},
		{"activate after leaving", person(yesterday), activate, true, person(touched, ended)},
		{"activate, inactive after leaving", person(inactive, yesterday), activate, true, person(touched, ended)},
		{"require a reset", person(), require, true, person(resetDue, touched)},
		{"require a reset again", person(resetDue), require, false, person(resetDue)},
		{"leave later", person(), leave("2026-03-05"), true, person(in2, touched)},
		{"leave today", person(), leave("2026-03-03"), true, person(onDay, touched, ended)},
		{"leave in the past", person(), leave("2026-03-02"), true, person(yesterday, touched, ended)},
		{"leave later than planned", person(tomorrow), leave("2026-03-05"), true, person(in2, touched)},
	} {
		after := test.before
		if changed := test.change(&after); changed != test.changed {
			t.Errorf("%s: changed is %t, want %t", test.name, changed, test.changed)
		}
		if after != test.want {
			t.Errorf("%s: the account is\n%+v, want\n%+v", test.name, after, test.want)
		}
	}
}
