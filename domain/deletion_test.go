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
