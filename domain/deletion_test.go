package domain_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestDeletionAndComingBack(t *testing.T) {
	policy := porttest.Policy()
	policy.Leeway = time.Minute
	fast := porttest.Noon.Add(time.Hour)
	for name, test := range map[string]struct {
		ended, now time.Time // of the account, and of the deletion
		begins     time.Time // sessions_ended_at of the new account, before it comes back
		at, want   time.Time
	}{
		"never signed out":      {time.Time{}, porttest.Noon, time.Time{}, porttest.Noon, porttest.Noon.Add(time.Minute)},
		"signed out before":     {porttest.Noon, fast, time.Time{}, fast, fast.Add(time.Minute)},
		"the clock is put back": {fast, porttest.Noon, time.Time{}, fast, fast.Add(time.Minute)},
		"restored since":        {time.Time{}, porttest.Noon, fast, porttest.Noon, fast},
	} {
		before := person(func(s *domain.Staff) { s.SessionsEndedAt, s.Credentials.Version = test.ended, 7 })
		deletion := before.Delete(test.now)
		if want := (domain.Deletion{ID: before.ID, At: test.at, Version: 8}); deletion != want {
			t.Errorf("%s: the deletion is %+v, want %+v", name, deletion, want)
		}
		after := person(func(s *domain.Staff) { s.SessionsEndedAt = test.begins })
		want := after
		want.SessionsEndedAt, want.Credentials.Version = test.want, 8
		if after.ComeBack(deletion, policy); after != want {
			t.Errorf("%s: who comes back is %+v, want %+v", name, after, want)
		}
	}
	never := person()
	if never.ComeBack(domain.Deletion{}, policy); never != person() {
		t.Errorf("who was never deleted comes back as %+v", never)
	}
}

func TestForgetDeletionsBefore(t *testing.T) {
	const kept = 407 // days: what a browser keeps, and the seven for clocks
	day := 24 * time.Hour
	for name, test := range map[string]struct {
		until    time.Time // tokens of the shop's Django are taken
		lifetime time.Duration
		want     time.Time
	}{
		"no tokens of Django's":          {time.Time{}, 30 * day, porttest.Noon.Add(-kept * day)},
		"they are taken":                 {porttest.Noon.Add(day), 30 * day, time.Time{}},
		"they were, lately":              {porttest.Noon.Add(-7 * day), 30 * day, time.Time{}},
		"they were, a week and more ago": {porttest.Noon.Add(-7*day - 1), 30 * day, porttest.Noon.Add(-kept * day)},
		"our own last longer":            {time.Time{}, 500 * day, porttest.Noon.Add(-507 * day)},
	} {
		policy := porttest.Policy()
		policy.AcceptDjangoTokensUntil, policy.SessionLifetime = test.until, test.lifetime
		if got := policy.ForgetDeletionsBefore(porttest.Noon); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
