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

// As long as a token of the shop's Django can come again, what was made for it stays.
func TestAdoptedSessionsStayWhileDjangoTokensAreTaken(t *testing.T) {
	until := porttest.Noon
	for name, test := range map[string]struct {
		until, now time.Time
		want       bool
	}{
		"never taken":            {time.Time{}, until, true},
		"taken":                  {until, until.Add(-time.Millisecond), false},
		"just over":              {until, until, false},
		"over for a week":        {until, until.Add(7 * oneDay), false},
		"over for long":          {until, until.Add(7*oneDay + time.Millisecond), true},
		"taken for long to come": {until, until.Add(-400 * oneDay), false},
	} {
		policy := domain.Policy{AcceptDjangoTokensUntil: test.until}
		if got := policy.ForgetsAdopted(test.now); got != test.want {
			t.Errorf("%s: adopted sessions are forgotten: %t, want %t", name, got, test.want)
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
