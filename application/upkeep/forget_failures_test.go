package upkeep_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A counter that blocks no attempt is removed. One that locks an account stays, even if the account is
// unknown.
func TestForgetFailures(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	for n := range 100 {
		for _, username := range []string{apptest.Address(1), "nobody@example.test"} {
			s.At(fmt.Sprintf("198.51.%d.1", n), "x").Must(username, apptest.Wrong, domain.ErrInvalidCredentials)
		}
	}
	s.At(apptest.Here, "x").Must(apptest.Address(2), apptest.Wrong, domain.ErrInvalidCredentials)
	for _, step := range []struct {
		later time.Duration
		want  int
	}{
		{0, 0}, {16 * time.Minute, 101}, {24 * time.Hour, 201}, {30 * 24 * time.Hour, 1}, {365 * 24 * time.Hour, 0},
	} {
		s.Clock.Advance(step.later)
		if removed := apptest.Execute(s, s.ForgetFailures(), upkeep.ForgetFailuresCommand{}).Count; removed != step.want {
			t.Errorf("%v later %d counters are forgotten, want %d", step.later, removed, step.want)
		}
	}
	for _, username := range []string{apptest.Address(1), "nobody@example.test"} {
		s.At(apptest.Here, "x").Must(username, apptest.Password, domain.ErrThrottled)
	}
	s.At(apptest.Here, "x").Must(apptest.Address(2), apptest.Wrong, domain.ErrInvalidCredentials)
	s.BreakFrom(1)
	apptest.Refuse(s, s.ForgetFailures(), upkeep.ForgetFailuresCommand{}, domain.ErrUnavailable)
}

// A deleted account leaves no counters.
func TestDeletingForgetsFailures(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.At(apptest.Here, "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	apptest.Execute(s, s.DeleteStaff(), roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	s.View(func(r ports.Records) error {
		got, err := r.Throttle().OfAccount(domain.AccountKey(apptest.Id(1)))
		if len(got) > 0 {
			t.Errorf("there is %+v", got)
		}
		return err
	})
}
