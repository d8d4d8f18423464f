package credentials_test

import (
	"sync"
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestChangePasswordMeanwhile(t *testing.T) {
	another := func(s *domain.Staff) { s.ChangePassword(apptest.HashOf("another one got it"), porttest.Noon) }
	for name, test := range map[string]struct {
		then   func(*domain.Staff)
		reason domain.Reason
	}{
		"changed by another": {another, domain.ReasonWrongPassword},
		"deactivated":        {apptest.Inactive, domain.ReasonInactive},
	} {
		for _, chosen := range []string{apptest.NewPassword, "short"} {
			s := apptest.Open(t, apptest.Person(1))
			var then domain.Staff
			s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() { s.Change(1, test.then); then = s.Staff(1) }}
			apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, chosen), domain.ErrInvalidCredentials)
			if got := s.LastEvent(); got.Reason != test.reason || s.Staff(1) != then {
				t.Errorf("%s: the event is %+v, the account %+v; want %s and no change", name, got, s.Staff(1), test.reason)
			}
		}
	}
}

// An account that is opened at this very moment gets no password that was not hashed.
func TestChangePasswordActivatedMeanwhile(t *testing.T) {
	before := apptest.Person(1)
	s := apptest.Open(t, apptest.Person(1, apptest.Inactive))
	s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() { s.Save(before) }}
	apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword), domain.ErrInvalidCredentials)
	s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonInactive, StaffID: apptest.Id(1)})
	if got := s.Staff(1); got != before {
		t.Errorf("the account has become %+v", got)
	}
}

// Of many who know the old password and change it at once, one wins.
func TestChangePasswordRacing(t *testing.T) {
	const callers = 16
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.On = false // every password is to be compared
	won := make(chan string, callers)
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			chosen := apptest.NewPassword + string(rune('a'+n))
			if _, err := s.ChangePassword().Execute(t.Context(), apptest.ChangeAs(1, apptest.Password, chosen)); err == nil {
				won <- chosen
			}
		})
	}
	all.Wait()
	if got := len(won); got != 1 {
		t.Fatalf("%d changes have succeeded, want 1", got)
	}
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, <-won))
	if got := s.Staff(1).Credentials.Version; got != 1 {
		t.Errorf("the password is at version %d, want 1", got)
	}
}

// However sign-ins with the old password and its change are interleaved, no session of
// the old one survives.
func TestChangePasswordRacingSignIns(t *testing.T) {
	const callers = 16
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.On = false // every password is to be compared
	opened := make(chan domain.Token, callers)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if got, err := s.ObtainTokens().Execute(t.Context(), apptest.SignInAs(1, apptest.Password)); err == nil {
				opened <- got.Tokens.Refresh
			}
		})
	}
	all.Go(func() {
		if _, err := s.ChangePassword().Execute(t.Context(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword)); err != nil {
			t.Errorf("ChangePassword: %v", err)
		}
	})
	all.Wait()
	close(opened)
	for token := range opened {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
}

func TestChangePasswordOverloaded(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Hasher.Full = true
	apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword), domain.ErrOverloaded)
	s.MustAudit()
}
