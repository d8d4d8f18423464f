package credentials_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
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
		apptest.Password:        {domain.PasswordUnchanged},
	} {
		for name, try := range map[string]func(*apptest.Shop) error{
			"change": func(s *apptest.Shop) error {
				_, err := s.ChangePassword().Execute(t.Context(), apptest.ChangeAs(1, apptest.Password, chosen))
				return err
			},
			"set": func(s *apptest.Shop) error { _, err := s.SetPassword().Execute(t.Context(), setTo(chosen)); return err },
		} {
			before := apptest.Person(1)
			s := apptest.Open(t, before)
			s.Breached.Passwords = []string{"known from a breach", "breached"}
			refusal, ok := errors.AsType[*domain.PasswordRefusal](try(s))
			if !ok {
				t.Errorf("%s to %q: no refusal", name, chosen)
				continue
			}
			var got []domain.PasswordRule
			for _, broken := range refusal.Broken {
				got = append(got, broken.Rule)
			}
			if !slices.Equal(got, want) || s.Staff(1) != before {
				t.Errorf("%s to %q breaks %q, want %q and no change", name, chosen, got, want)
			}
		}
	}
}

// A password that cannot be looked up is not taken, and the attempt to change it does not
// count as a wrong one.
func TestNewPasswordsThatCannotBeChecked(t *testing.T) {
	before := apptest.Person(1)
	s := apptest.Open(t, before)
	s.Breached.Err = fmt.Errorf("%w: the disk is gone", domain.ErrUnavailable)
	for range 20 {
		apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword), domain.ErrUnavailable)
	}
	got, err := s.SetPassword().Execute(t.Context(), setTo(apptest.NewPassword))
	apptest.MustFail(t, "set", got, err, domain.ErrUnavailable)
	s.MustAudit()
	if s.Staff(1) != before {
		t.Errorf("the account has become %+v", s.Staff(1))
	}
	s.Breached.Err = nil
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
}

// The rules are for new passwords. An old password that breaks them still works.
func TestOldPasswordsStayGood(t *testing.T) {
	for _, old := range []string{"x", "password", "aaaaaaaaaaaaaaaaaa", "person1@example.test", "known from a breach"} {
		s := apptest.Open(t, apptest.Person(1, func(p *domain.Staff) { p.Credentials.Hash = apptest.HashOf(old) }))
		s.Breached.Passwords = []string{"known from a breach"}
		if got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, old)); got.Tokens.Access.Empty() || got.PasswordNeedsReset {
			t.Errorf("%q: the sign-in gives %+v", old, got)
		}
		apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, old, apptest.NewPassword))
	}
}

func TestSetPasswordOfNobody(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	got, err := s.SetPassword().Execute(t.Context(), credentials.SetPasswordCommand{
		Email: "nobody@example.test", Password: domain.NewPassword("x"), Client: porttest.Operator(),
	})
	apptest.MustFail(t, "nobody", got, err, domain.ErrStaffNotFound)
}
