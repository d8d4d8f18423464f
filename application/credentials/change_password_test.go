package credentials_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestChangePassword(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first, second, other := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)
	before := s.Staff(1)

	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
	s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	want := before
	want.ChangePassword(s.Staff(1).Credentials.Hash, s.Clock.Now())
	if got := s.Staff(1); got != want || got.Credentials.Hash == before.Credentials.Hash {
		t.Errorf("the account is %+v, want %+v", got, want)
	}

	for _, pair := range []signin.TokenPair{first, second} {
		s.MustHaveEnded(pair.Refresh, domain.EndPasswordChanged)
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
		s.MustAccess(pair.Access, domain.ErrSessionEnded)
	}
	s.MustAccess(other.Access, nil)
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword))
}

// An access token can name the person, but the old password is needed all the same.
func TestChangePasswordByAccessToken(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	for _, token := range []domain.Token{s.SignIn(1).Access, s.Django(domain.AccessToken, 1)} {
		s.SkipAudit()
		cmd := apptest.ChangeAs(1, apptest.Wrong, apptest.NewPassword)
		cmd.Username, cmd.Access = "", token
		apptest.Refuse(s, s.ChangePassword(), cmd, domain.ErrInvalidCredentials)
		s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonWrongPassword, StaffID: apptest.Id(1)})

		cmd.OldPassword = domain.NewPassword(apptest.Password)
		apptest.Execute(s, s.ChangePassword(), cmd)
		s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
		apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword))
		s.MustAccess(token, domain.ErrSessionEnded)
		s.Save(apptest.Person(1)) // back to the first password
	}
}

// The address counts where both are given.
func TestChangePasswordAddressComesFirst(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	cmd := apptest.ChangeAs(2, apptest.Password, apptest.NewPassword)
	cmd.Access = s.SignIn(1).Access
	apptest.Execute(s, s.ChangePassword(), cmd)
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password))
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(2, apptest.NewPassword))
}

func TestChangePasswordRefusesTokens(t *testing.T) {
	for name, test := range map[string]struct {
		token func(*apptest.Shop) domain.Token
		want  error
	}{
		"none":    {func(*apptest.Shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
		"refresh": {func(s *apptest.Shop) domain.Token { return s.SignIn(1).Refresh }, domain.ErrTokenWrongType},
		"signed out": {func(s *apptest.Shop) domain.Token {
			token := s.SignIn(1).Access
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token))
			return token
		}, domain.ErrSessionEnded},
		"inactive": {func(s *apptest.Shop) domain.Token {
			token := s.SignIn(1).Access
			s.Change(1, apptest.Inactive)
			return token
		}, domain.ErrAccountInactive},
		"deleted": {func(s *apptest.Shop) domain.Token {
			token := s.SignIn(1).Access
			s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
			return token
		}, domain.ErrStaffNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			cmd := apptest.ChangeAs(1, apptest.Password, apptest.NewPassword)
			cmd.Username, cmd.Access = "", test.token(s)
			computed := s.Hasher.Computed()
			apptest.Refuse(s, s.ChangePassword(), cmd, test.want)
			if got := s.Hasher.Computed(); got != computed {
				t.Errorf("%d hashes were computed for nothing", got-computed)
			}
		})
	}
}

// A due change is what this is for: it does not block, and is due no more.
func TestChangePasswordWhileAResetIsDue(t *testing.T) {
	for _, who := range []domain.Staff{apptest.Person(1, apptest.ResetDue), apptest.Person(1, apptest.ResetDue, apptest.Outdated)} {
		s := apptest.Open(t, who)
		if !apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password)).PasswordNeedsReset {
			t.Fatal("no reset is due")
		}
		apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword))
		if got.PasswordNeedsReset {
			t.Error("the reset is still due")
		}
		s.MustAccess(got.Tokens.Access, nil)
	}
}

func TestChangePasswordByAccessTokenWhileAResetIsDue(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	cmd := apptest.ChangeAs(1, apptest.Password, apptest.NewPassword)
	cmd.Username, cmd.Access = "", s.SignIn(1).Access
	s.Change(1, apptest.ResetDue)
	apptest.Execute(s, s.ChangePassword(), cmd)
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword))
}

// A wrong old password is answered as at a sign-in. The answer says nothing about the new password.
func TestChangePasswordRefusesCredentials(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	for _, test := range []struct {
		name    string
		who     domain.Staff
		old     string
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"wrong", apptest.Person(1), apptest.Wrong, failure, domain.ReasonWrongPassword},
		{"the new one", apptest.Person(1), apptest.NewPassword, failure, domain.ReasonWrongPassword},
		{"unusable", apptest.Person(1, apptest.Unusable), apptest.Password, failure, domain.ReasonUnusablePassword},
		{"inactive", apptest.Person(1, apptest.Inactive), apptest.Password, blocked, domain.ReasonInactive},
		{"left", apptest.Person(1, apptest.Left), apptest.Password, blocked, domain.ReasonLeft},
		{"reset due, wrong", apptest.Person(1, apptest.ResetDue), apptest.Wrong, failure, domain.ReasonWrongPassword},
	} {
		for _, chosen := range []string{apptest.NewPassword, "short", test.old} {
			s := apptest.Open(t, test.who, apptest.Person(2))
			apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, test.old, chosen), domain.ErrInvalidCredentials)
			s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: test.outcome, Reason: test.reason, StaffID: apptest.Id(1)})
			if got := s.Hasher.Computed(); got != 1 || s.Staff(1) != test.who {
				t.Errorf("%s: %d hashes were computed, want 1; the account is %+v", test.name, got, s.Staff(1))
			}
		}
	}
}

func TestChangePasswordUnknown(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	cmd := apptest.ChangeAs(1, apptest.Password, apptest.NewPassword)
	cmd.Username = "Nobody@example.test"
	apptest.Refuse(s, s.ChangePassword(), cmd, domain.ErrInvalidCredentials)
	s.MustAudit(domain.AuditEvent{
		Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
		Subject: memory.Subjects{}.HashSubject("nobody@example.test"),
	})
	if got := s.Hasher.Computed(); got != 1 {
		t.Errorf("%d hashes were computed, want 1", got)
	}
}

func TestChangePasswordRefusesTheNewOne(t *testing.T) {
	for chosen, rule := range map[string]domain.PasswordRule{
		"short":                   domain.PasswordTooShort,
		"":                        domain.PasswordTooShort,
		apptest.Password:          domain.PasswordUnchanged,
		strings.Repeat("a", 1025): domain.PasswordTooLong,
	} {
		for _, who := range []domain.Staff{apptest.Person(1), apptest.Person(1, apptest.ResetDue)} {
			s := apptest.Open(t, who)
			apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, chosen), domain.ErrPasswordRefused)
			s.MustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonPasswordRefused, StaffID: apptest.Id(1)})
			if got := s.Staff(1); got != who {
				t.Errorf("%s: the account has become %+v", rule, got)
			}
			if _, err := s.ChangePassword().Execute(t.Context(), apptest.ChangeAs(1, apptest.Password, chosen)); !apptest.Breaks(err, rule) {
				t.Errorf("%v, want a refusal for %s", err, rule)
			}
		}
	}
}

// Passwords are taken byte for byte, the new one as well.
func TestChangePasswordKeepsSpaces(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, " "+apptest.NewPassword+" "))
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword), domain.ErrInvalidCredentials)
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, " "+apptest.NewPassword+" "))
}
