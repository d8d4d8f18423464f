package application_test

import (
	"sync"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestChangePasswordMeanwhile(t *testing.T) {
	another := func(s *domain.Staff) { s.ChangePassword(hashOf("another one got it"), porttest.Noon) }
	for name, test := range map[string]struct {
		then   func(*domain.Staff)
		reason domain.Reason
	}{
		"changed by another": {another, domain.ReasonWrongPassword},
		"deactivated":        {inactive, domain.ReasonInactive},
	} {
		for _, chosen := range []string{newPassword, "short"} {
			s := open(t, person(1))
			var then domain.Staff
			s.passwords = meanwhile{&s.hasher, func() { s.change(1, test.then); then = s.staff(1) }}
			refuse(s, s.changePassword(), changeAs(1, password, chosen), domain.ErrInvalidCredentials)
			if got := s.lastEvent(); got.Reason != test.reason || s.staff(1) != then {
				t.Errorf("%s: the event is %+v, the account %+v; want %s and no change", name, got, s.staff(1), test.reason)
			}
		}
	}
}

// An account that is opened at this very moment gets no password that was not hashed.
func TestChangePasswordActivatedMeanwhile(t *testing.T) {
	before := person(1)
	s := open(t, person(1, inactive))
	s.passwords = meanwhile{&s.hasher, func() { s.save(before) }}
	refuse(s, s.changePassword(), changeAs(1, password, newPassword), domain.ErrInvalidCredentials)
	s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonInactive, StaffID: id(1)})
	if got := s.staff(1); got != before {
		t.Errorf("the account has become %+v", got)
	}
}

// Of many who know the old password and change it at once, one wins.
func TestChangePasswordRacing(t *testing.T) {
	const callers = 16
	s := open(t, person(1))
	s.policy.Throttle.On = false // every password is to be compared
	won := make(chan string, callers)
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			chosen := newPassword + string(rune('a'+n))
			if _, err := s.changePassword().Execute(t.Context(), changeAs(1, password, chosen)); err == nil {
				won <- chosen
			}
		})
	}
	all.Wait()
	if got := len(won); got != 1 {
		t.Fatalf("%d changes have succeeded, want 1", got)
	}
	execute(s, s.obtainTokens(), signInAs(1, <-won))
	if got := s.staff(1).Credentials.Version; got != 1 {
		t.Errorf("the password is at version %d, want 1", got)
	}
}

// However sign-ins with the old password and its change are interleaved, no session of
// the old one survives.
func TestChangePasswordRacingSignIns(t *testing.T) {
	const callers = 16
	s := open(t, person(1))
	s.policy.Throttle.On = false // every password is to be compared
	opened := make(chan domain.Token, callers)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if got, err := s.obtainTokens().Execute(t.Context(), signInAs(1, password)); err == nil {
				opened <- got.Tokens.Refresh
			}
		})
	}
	all.Go(func() {
		if _, err := s.changePassword().Execute(t.Context(), changeAs(1, password, newPassword)); err != nil {
			t.Errorf("ChangePassword: %v", err)
		}
	})
	all.Wait()
	close(opened)
	for token := range opened {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
}

func TestChangePasswordOverloaded(t *testing.T) {
	s := open(t, person(1))
	s.hasher.Full = true
	refuse(s, s.changePassword(), changeAs(1, password, newPassword), domain.ErrOverloaded)
	s.mustAudit()
}
