package application_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func setTo(chosen string) application.SetPasswordCommand {
	return application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(chosen), Client: porttest.Client()}
}

// Somebody else has chosen the password, so it serves to choose another and nothing else.
func TestSetPassword(t *testing.T) {
	for _, who := range []domain.Staff{person(1), person(1, unusable), person(1, resetDue)} {
		s := open(t, who)
		s.clock.Advance(time.Minute)
		got := execute(s, s.setPassword(), setTo(newPassword))
		s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffPassword, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
		want := who
		want.SetPassword(got.Staff.Credentials.Hash, s.clock.Now())
		if got.Staff != want || !got.Changed || s.staff(1) != want {
			t.Errorf("the result is %+v, want %+v", got, want)
		}

		refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
		if signedIn := execute(s, s.obtainTokens(), signInAs(1, newPassword)); signedIn != (application.ObtainTokensResult{PasswordNeedsReset: true}) {
			t.Errorf("the sign-in gives %+v, want that a reset is due", signedIn)
		}
		execute(s, s.changePassword(), changeAs(1, newPassword, password))
		s.signIn(1)
	}
}

func TestSetPasswordEndsSessions(t *testing.T) {
	s := open(t, person(1))
	pair, django := s.signIn(1), s.django(domain.RefreshToken, 1)
	execute(s, s.setPassword(), setTo(newPassword))
	s.mustHaveEnded(pair.Refresh, domain.EndPasswordChanged)
	s.change(1, func(p *domain.Staff) { p.Credentials.NeedsReset = false })
	for _, token := range []domain.Token{pair.Refresh, django} {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
}

func TestSetPasswordRefuses(t *testing.T) {
	before := person(1)
	s := open(t, before)
	for chosen, rule := range map[string]domain.PasswordRule{
		"": domain.PasswordTooShort, "short": domain.PasswordTooShort, strings.Repeat("a", 1025): domain.PasswordTooLong,
	} {
		got, err := s.setPassword().Execute(t.Context(), setTo(chosen))
		mustFail(t, string(rule), got, err, domain.ErrPasswordRefused)
		if !breaks(err, rule) {
			t.Errorf("%v, want a refusal for %s", err, rule)
		}
	}
	s.mustAudit()
	if got := s.staff(1); got != before || s.hasher.Computed() != 0 {
		t.Errorf("the account has become %+v, %d hashes were computed", got, s.hasher.Computed())
	}
}

func TestSetPasswordOverloaded(t *testing.T) {
	s := open(t, person(1))
	s.hasher.Full = true
	got, err := s.setPassword().Execute(t.Context(), setTo(newPassword))
	mustFail(t, "overloaded", got, err, domain.ErrOverloaded)
}
