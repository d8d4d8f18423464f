package application_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// What frees an account frees it of everything that is held against it.
func TestFreeing(t *testing.T) {
	client := porttest.Client()
	for name, free := range map[string]func(*shop) error{
		"unlock": func(s *shop) error {
			return failure(s.unlockStaff().Execute(t.Context(), application.UnlockStaffCommand{Email: address(1), Client: client}))
		},
		"set password": func(s *shop) error {
			s.policy.EnforcePasswordReset = false
			s.change(1, unusable) // or else it is the present one
			return failure(s.setPassword().Execute(t.Context(), application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(password), Client: client}))
		},
		"activate": func(s *shop) error {
			return failure(s.activateStaff().Execute(t.Context(), application.ActivateStaffCommand{Email: address(1), Client: client}))
		},
	} {
		s := open(t, person(1), person(2))
		for n := range 20 {
			for range 5 {
				s.at(fmt.Sprintf("198.51.%d.1", n), "x").must(address(1), wrong, domain.ErrInvalidCredentials)
			}
		}
		for range 5 {
			s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
		}
		fresh := s.at("203.0.113.1", "x")
		s.clock.Advance(24 * time.Hour)
		_, err := s.obtainTokens().Execute(t.Context(), fresh.command(address(1), password))
		if throttled, ok := errors.AsType[*domain.Throttled](err); !ok || !throttled.Held {
			t.Errorf("%s: %v, want the account to be held", name, err)
		}
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}); !got.Held || got.Failures != 100 {
			t.Errorf("%s: %d failures, held: %t; want 100 that hold", name, got.Failures, got.Held)
		}
		if err := free(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fresh.must(address(1), password, nil)
		s.at("198.51.3.1", "x").must(address(1), password, nil)
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}); got.Held || got.Failures != 0 {
			t.Errorf("%s: there are %d failures, held: %t", name, got.Failures, got.Held)
		}
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(2)}); got.Failures != 5 {
			t.Errorf("%s: the other account has %d failures, want 5", name, got.Failures)
		}
	}
}

// An unlocking is audited if there was anything to unlock.
func TestUnlockIsAudited(t *testing.T) {
	s := open(t, person(1))
	s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	s.skipAudit()
	cmd := application.UnlockStaffCommand{Email: address(1), Client: porttest.Client()}
	if got := execute(s, s.unlockStaff(), cmd); !got.Changed || got.Staff != s.staff(1) {
		t.Errorf("the result is %+v, want a change of nothing but counters", got)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if got := execute(s, s.unlockStaff(), cmd); got.Changed {
		t.Error("the second time there is a change")
	}
	s.mustAudit()
}
