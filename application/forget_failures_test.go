package application_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// What holds nobody back is forgotten; what holds an account is kept, known or not.
func TestForgetFailures(t *testing.T) {
	s := open(t, person(1))
	for n := range 100 {
		for _, username := range []string{address(1), "nobody@example.test"} {
			s.at(fmt.Sprintf("198.51.%d.1", n), "x").must(username, wrong, domain.ErrInvalidCredentials)
		}
	}
	s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
	for _, step := range []struct {
		later time.Duration
		want  int
	}{
		{0, 0}, {16 * time.Minute, 101}, {24 * time.Hour, 201}, {30 * 24 * time.Hour, 1}, {365 * 24 * time.Hour, 0},
	} {
		s.clock.Advance(step.later)
		if removed := execute(s, s.forgetFailures(), application.ForgetFailuresCommand{}).Count; removed != step.want {
			t.Errorf("%v later %d counters are forgotten, want %d", step.later, removed, step.want)
		}
	}
	for _, username := range []string{address(1), "nobody@example.test"} {
		s.at(here, "x").must(username, password, domain.ErrThrottled)
	}
	s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
	s.breakFrom(1)
	refuse(s, s.forgetFailures(), application.ForgetFailuresCommand{}, domain.ErrUnavailable)
}

// A deleted account leaves no counters.
func TestDeletingForgetsFailures(t *testing.T) {
	s := open(t, person(1))
	s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1), Client: porttest.Client()})
	s.view(func(r ports.Records) error {
		got, err := r.Throttle().OfAccount(domain.AccountKey(id(1)))
		if len(got) > 0 {
			t.Errorf("there is %+v", got)
		}
		return err
	})
}
