package application_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestChangePassword(t *testing.T) {
	s := open(t, person(1), person(2))
	first, second, other := s.signIn(1), s.signIn(1), s.signIn(2)
	s.skipAudit()
	s.clock.Advance(time.Minute)
	before := s.staff(1)

	execute(s, s.changePassword(), changeAs(1, password, newPassword))
	s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	want := before
	want.ChangePassword(s.staff(1).Credentials.Hash, s.clock.Now())
	if got := s.staff(1); got != want || got.Credentials.Hash == before.Credentials.Hash {
		t.Errorf("the account is %+v, want %+v", got, want)
	}

	for _, pair := range []application.TokenPair{first, second} {
		s.mustHaveEnded(pair.Refresh, domain.EndPasswordChanged)
		refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
		s.mustAccess(pair.Access, domain.ErrSessionEnded)
	}
	s.mustAccess(other.Access, nil)
	refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
	execute(s, s.obtainTokens(), signInAs(1, newPassword))
}

// Whoever is signed in need not say who they are, but must know the password.
func TestChangePasswordByAccessToken(t *testing.T) {
	s := open(t, person(1), person(2))
	for _, token := range []domain.Token{s.signIn(1).Access, s.django(domain.AccessToken, 1)} {
		s.skipAudit()
		cmd := changeAs(1, wrong, newPassword)
		cmd.Username, cmd.Access = "", token
		refuse(s, s.changePassword(), cmd, domain.ErrInvalidCredentials)
		s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonWrongPassword, StaffID: id(1)})

		cmd.OldPassword = domain.NewPassword(password)
		execute(s, s.changePassword(), cmd)
		s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
		execute(s, s.obtainTokens(), signInAs(1, newPassword))
		s.mustAccess(token, domain.ErrSessionEnded)
		s.save(person(1)) // back to the first password
	}
}

// The address counts where both are given.
func TestChangePasswordAddressComesFirst(t *testing.T) {
	s := open(t, person(1), person(2))
	cmd := changeAs(2, password, newPassword)
	cmd.Access = s.signIn(1).Access
	execute(s, s.changePassword(), cmd)
	execute(s, s.obtainTokens(), signInAs(1, password))
	execute(s, s.obtainTokens(), signInAs(2, newPassword))
}

func TestChangePasswordRefusesTokens(t *testing.T) {
	for name, test := range map[string]struct {
		token func(*shop) domain.Token
		want  error
	}{
		"none":    {func(*shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
		"refresh": {func(s *shop) domain.Token { return s.signIn(1).Refresh }, domain.ErrTokenWrongType},
		"signed out": {func(s *shop) domain.Token {
			token := s.signIn(1).Access
			execute(s, s.signOut(), signOutWith(token))
			return token
		}, domain.ErrSessionEnded},
		"inactive": {func(s *shop) domain.Token { token := s.signIn(1).Access; s.change(1, inactive); return token }, domain.ErrAccountInactive},
		"deleted": {func(s *shop) domain.Token {
			token := s.signIn(1).Access
			s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
			return token
		}, domain.ErrStaffNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, person(1))
			cmd := changeAs(1, password, newPassword)
			cmd.Username, cmd.Access = "", test.token(s)
			computed := s.hasher.Computed()
			refuse(s, s.changePassword(), cmd, test.want)
			if got := s.hasher.Computed(); got != computed {
				t.Errorf("%d hashes were computed for nothing", got-computed)
			}
		})
	}
}

// A due change is what this is for: it does not block, and is due no more.
func TestChangePasswordWhileAResetIsDue(t *testing.T) {
	for _, who := range []domain.Staff{person(1, resetDue), person(1, resetDue, outdated)} {
		s := open(t, who)
		if !execute(s, s.obtainTokens(), signInAs(1, password)).PasswordNeedsReset {
			t.Fatal("no reset is due")
		}
		execute(s, s.changePassword(), changeAs(1, password, newPassword))
		got := execute(s, s.obtainTokens(), signInAs(1, newPassword))
		if got.PasswordNeedsReset {
			t.Error("the reset is still due")
		}
		s.mustAccess(got.Tokens.Access, nil)
	}
}

func TestChangePasswordByAccessTokenWhileAResetIsDue(t *testing.T) {
	s := open(t, person(1))
	cmd := changeAs(1, password, newPassword)
	cmd.Username, cmd.Access = "", s.signIn(1).Access
	s.change(1, resetDue)
	execute(s, s.changePassword(), cmd)
	execute(s, s.obtainTokens(), signInAs(1, newPassword))
}

// Whoever does not know the old password learns no more than at a sign-in, and nothing of
// what is wrong with the new one.
func TestChangePasswordRefusesCredentials(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	for _, test := range []struct {
		name    string
		who     domain.Staff
		old     string
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"wrong", person(1), wrong, failure, domain.ReasonWrongPassword},
		{"the new one", person(1), newPassword, failure, domain.ReasonWrongPassword},
		{"unusable", person(1, unusable), password, failure, domain.ReasonUnusablePassword},
		{"inactive", person(1, inactive), password, blocked, domain.ReasonInactive},
		{"left", person(1, left), password, blocked, domain.ReasonLeft},
		{"reset due, wrong", person(1, resetDue), wrong, failure, domain.ReasonWrongPassword},
	} {
		for _, chosen := range []string{newPassword, "short", test.old} {
			s := open(t, test.who, person(2))
			refuse(s, s.changePassword(), changeAs(1, test.old, chosen), domain.ErrInvalidCredentials)
			s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: test.outcome, Reason: test.reason, StaffID: id(1)})
			if got := s.hasher.Computed(); got != 1 || s.staff(1) != test.who {
				t.Errorf("%s: %d hashes were computed, want 1; the account is %+v", test.name, got, s.staff(1))
			}
		}
	}
}

func TestChangePasswordUnknown(t *testing.T) {
	s := open(t, person(1))
	cmd := changeAs(1, password, newPassword)
	cmd.Username = "Nobody@example.test"
	refuse(s, s.changePassword(), cmd, domain.ErrInvalidCredentials)
	s.mustAudit(domain.AuditEvent{
		Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
		Subject: memory.Subjects{}.HashSubject("nobody@example.test"),
	})
	if got := s.hasher.Computed(); got != 1 {
		t.Errorf("%d hashes were computed, want 1", got)
	}
}

func TestChangePasswordRefusesTheNewOne(t *testing.T) {
	for chosen, rule := range map[string]domain.PasswordRule{
		"short":                   domain.PasswordTooShort,
		"":                        domain.PasswordTooShort,
		password:                  domain.PasswordUnchanged,
		strings.Repeat("a", 1025): domain.PasswordTooLong,
	} {
		for _, who := range []domain.Staff{person(1), person(1, resetDue)} {
			s := open(t, who)
			refuse(s, s.changePassword(), changeAs(1, password, chosen), domain.ErrPasswordRefused)
			s.mustAudit(domain.AuditEvent{Kind: domain.EventPasswordChange, Outcome: domain.OutcomeFailure, Reason: domain.ReasonPasswordRefused, StaffID: id(1)})
			if got := s.staff(1); got != who {
				t.Errorf("%s: the account has become %+v", rule, got)
			}
			if _, err := s.changePassword().Execute(t.Context(), changeAs(1, password, chosen)); !breaks(err, rule) {
				t.Errorf("%v, want a refusal for %s", err, rule)
			}
		}
	}
}

// Passwords are taken byte for byte, the new one as well.
func TestChangePasswordKeepsSpaces(t *testing.T) {
	s := open(t, person(1))
	execute(s, s.changePassword(), changeAs(1, password, " "+newPassword+" "))
	refuse(s, s.obtainTokens(), signInAs(1, newPassword), domain.ErrInvalidCredentials)
	execute(s, s.obtainTokens(), signInAs(1, " "+newPassword+" "))
}
