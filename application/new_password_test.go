package application_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// Both use cases that set a password ask the same rules, and tell all that are broken.
func TestNewPasswordsAreChecked(t *testing.T) {
	for chosen, want := range map[string][]domain.PasswordRule{
		"password":              {domain.PasswordTooShort, domain.PasswordCommon},
		"letmein-dragon-qwerty": {domain.PasswordCommon},
		"person1@example.test":  {domain.PasswordPersonal},
		"gatehouse gatehouse":   {domain.PasswordLocal},
		"aaaaaaaaaaaaaaaaaa":    {domain.PasswordPattern},
		"known from a breach":   {domain.PasswordBreached},
		"breached":              {domain.PasswordTooShort, domain.PasswordBreached},
		password:                {domain.PasswordUnchanged},
	} {
		for name, try := range map[string]func(*shop) error{
			"change": func(s *shop) error {
				_, err := s.changePassword().Execute(t.Context(), changeAs(1, password, chosen))
				return err
			},
			"set": func(s *shop) error { _, err := s.setPassword().Execute(t.Context(), setTo(chosen)); return err },
		} {
			before := person(1)
			s := open(t, before)
			s.breached.Passwords = []string{"known from a breach", "breached"}
			refusal, ok := errors.AsType[*domain.PasswordRefusal](try(s))
			if !ok {
				t.Errorf("%s to %q: no refusal", name, chosen)
				continue
			}
			var got []domain.PasswordRule
			for _, broken := range refusal.Broken {
				got = append(got, broken.Rule)
			}
			if !slices.Equal(got, want) || s.staff(1) != before {
				t.Errorf("%s to %q breaks %q, want %q and no change", name, chosen, got, want)
			}
		}
	}
}

// A password that cannot be looked up is not taken, and the attempt to change it does not
// count as a wrong one.
func TestNewPasswordsThatCannotBeChecked(t *testing.T) {
	before := person(1)
	s := open(t, before)
	s.breached.Err = fmt.Errorf("%w: the disk is gone", domain.ErrUnavailable)
	for range 20 {
		refuse(s, s.changePassword(), changeAs(1, password, newPassword), domain.ErrUnavailable)
	}
	got, err := s.setPassword().Execute(t.Context(), setTo(newPassword))
	mustFail(t, "set", got, err, domain.ErrUnavailable)
	s.mustAudit()
	if s.staff(1) != before {
		t.Errorf("the account has become %+v", s.staff(1))
	}
	s.breached.Err = nil
	execute(s, s.changePassword(), changeAs(1, password, newPassword))
}

// The rules are for new passwords: whoever has a poor one goes on signing in with it.
func TestOldPasswordsStayGood(t *testing.T) {
	for _, old := range []string{"x", "password", "aaaaaaaaaaaaaaaaaa", "person1@example.test", "known from a breach"} {
		s := open(t, person(1, func(p *domain.Staff) { p.Credentials.Hash = hashOf(old) }))
		s.breached.Passwords = []string{"known from a breach"}
		if got := execute(s, s.obtainTokens(), signInAs(1, old)); got.Tokens.Access.Empty() || got.PasswordNeedsReset {
			t.Errorf("%q: the sign-in gives %+v", old, got)
		}
		execute(s, s.changePassword(), changeAs(1, old, newPassword))
	}
}

func TestSetPasswordOfNobody(t *testing.T) {
	s := open(t, person(1))
	got, err := s.setPassword().Execute(t.Context(), application.SetPasswordCommand{
		Email: "nobody@example.test", Password: domain.NewPassword("x"), Client: porttest.Client(),
	})
	mustFail(t, "nobody", got, err, domain.ErrStaffNotFound)
}
