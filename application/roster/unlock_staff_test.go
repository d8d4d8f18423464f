package roster_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// What frees an account frees it of everything that is held against it.
func TestFreeing(t *testing.T) {
	client := porttest.Operator()
	for name, free := range map[string]func(*apptest.Shop) error{
		"unlock": func(s *apptest.Shop) error {
			return apptest.Failure(s.UnlockStaff().Execute(t.Context(), roster.UnlockStaffCommand{Email: apptest.Address(1), Client: client}))
		},
		"set password": func(s *apptest.Shop) error {
			s.Policy.EnforcePasswordReset = false
			s.Change(1, apptest.Unusable) // or else it is the present one
			return apptest.Failure(s.SetPassword().Execute(t.Context(), credentials.SetPasswordCommand{Email: apptest.Address(1), Password: domain.NewPassword(apptest.Password), Client: client}))
		},
		"activate": func(s *apptest.Shop) error {
			return apptest.Failure(s.ActivateStaff().Execute(t.Context(), roster.ActivateStaffCommand{Email: apptest.Address(1), Client: client}))
		},
	} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
		for n := range 20 {
			for range 5 {
				s.At(fmt.Sprintf("198.51.%d.1", n), "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
			}
		}
		for range 5 {
			s.At(apptest.Here, "x").Must(apptest.Address(2), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		fresh := s.At("203.0.113.1", "x")
		s.Clock.Advance(24 * time.Hour)
		_, err := s.ObtainTokens().Execute(t.Context(), fresh.Command(apptest.Address(1), apptest.Password))
		if throttled, ok := errors.AsType[*domain.Throttled](err); !ok || !throttled.Held {
			t.Errorf("%s: %v, want the account to be held", name, err)
		}
		if got := apptest.Execute(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(1)}); !got.Held || got.Failures != 100 {
			t.Errorf("%s: %d failures, held: %t; want 100 that hold", name, got.Failures, got.Held)
		}
		if err := free(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fresh.Must(apptest.Address(1), apptest.Password, nil)
		s.At("198.51.3.1", "x").Must(apptest.Address(1), apptest.Password, nil)
		if got := apptest.Execute(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(1)}); got.Held || got.Failures != 0 {
			t.Errorf("%s: there are %d failures, held: %t", name, got.Failures, got.Held)
		}
		if got := apptest.Execute(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(2)}); got.Failures != 5 {
			t.Errorf("%s: the other account has %d failures, want 5", name, got.Failures)
		}
	}
}

// An unlocking is audited if there was anything to unlock.
func TestUnlockIsAudited(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.At(apptest.Here, "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	s.SkipAudit()
	cmd := roster.UnlockStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	if got := apptest.Execute(s, s.UnlockStaff(), cmd); !got.Changed || got.Staff != s.Staff(1) {
		t.Errorf("the result is %+v, want a change of nothing but counters", got)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	if got := apptest.Execute(s, s.UnlockStaff(), cmd); got.Changed {
		t.Error("the second time there is a change")
	}
	s.MustAudit()
}
