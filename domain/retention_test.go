package domain_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

const oneDay = 24 * time.Hour

// A clock that is a day ahead forgets no session that is remembered now.
func TestSessionsAreForgottenLate(t *testing.T) {
	policy := porttest.Policy()
	if got, want := policy.ForgetSessionsBefore(porttest.Noon), porttest.Noon.Add(-7*oneDay); !got.Equal(want) {
		t.Errorf("sessions that were over before %v are forgotten, want %v", got, want)
	}
}

// As long as tokens of the shop's Django can come again, what tells of them stays.
func TestForgetDjangoBefore(t *testing.T) {
	const kept = 407 // days: what a browser keeps, and the seven for clocks
	for name, test := range map[string]struct {
		until    time.Time // tokens of the shop's Django are taken
		lifetime time.Duration
		want     time.Time
	}{
		"no tokens of Django's":          {time.Time{}, 30 * oneDay, porttest.Noon.Add(-kept * oneDay)},
		"they are taken":                 {porttest.Noon.Add(oneDay), 30 * oneDay, time.Time{}},
		"they were, lately":              {porttest.Noon.Add(-7 * oneDay), 30 * oneDay, time.Time{}},
		"they were, a week and more ago": {porttest.Noon.Add(-7*oneDay - 1), 30 * oneDay, porttest.Noon.Add(-kept * oneDay)},
		"our own last longer":            {time.Time{}, 500 * oneDay, porttest.Noon.Add(-507 * oneDay)},
	} {
		policy := porttest.Policy()
		policy.AcceptDjangoTokensUntil, policy.SessionLifetime = test.until, test.lifetime
		if got := policy.ForgetDjangoBefore(porttest.Noon); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestWhichEventsRetire(t *testing.T) {
	now, kept := porttest.Noon, 400*oneDay
	newest := domain.AuditMark{Sequence: 9}
	for name, test := range map[string]struct {
		kept     time.Duration
		sequence int64
		age      time.Duration
		want     bool
	}{
		"old":                 {kept, 1, kept + time.Millisecond, true},
		"as old as it may be": {kept, 1, kept, false},
		"of the future":       {kept, 1, -oneDay, false},
		"the newest":          {kept, 9, 2 * kept, false},
		"everything is kept":  {0, 1, 2 * kept, false},
	} {
		event := domain.AuditEvent{Sequence: test.sequence, At: now.Add(-test.age)}
		if got := (domain.Policy{AuditRetention: test.kept}).Retires(event, newest, now); got != test.want {
			t.Errorf("%s: retires %t, want %t", name, got, test.want)
		}
	}
}
