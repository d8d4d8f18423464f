package credentials_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func setTo(chosen string) credentials.SetPasswordCommand {
	return credentials.SetPasswordCommand{Email: apptest.Address(1), Password: domain.NewPassword(chosen), Client: porttest.Operator()}
}

// Somebody else has chosen the password, so it serves to choose another and nothing else.
func TestSetPassword(t *testing.T) {
	for _, who := range []domain.Staff{apptest.Person(1), apptest.Person(1, apptest.Unusable), apptest.Person(1, apptest.ResetDue)} {
		s := apptest.Open(t, who)
		s.Clock.Advance(time.Minute)
		got := apptest.Execute(s, s.SetPassword(), setTo(apptest.NewPassword))
		s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffPassword, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
		want := who
		want.SetPassword(got.Staff.Credentials.Hash, s.Clock.Now())
		if got.Staff != want || !got.Changed || s.Staff(1) != want {
			t.Errorf("the result is %+v, want %+v", got, want)
		}

		apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
		if signedIn := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword)); signedIn != (signin.ObtainTokensResult{PasswordNeedsReset: true}) {
			t.Errorf("the sign-in gives %+v, want that a reset is due", signedIn)
		}
		apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.NewPassword, apptest.Password))
		s.SignIn(1)
	}
}

func TestSetPasswordEndsSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair, django := s.SignIn(1), s.Django(domain.RefreshToken, 1)
	apptest.Execute(s, s.SetPassword(), setTo(apptest.NewPassword))
	s.MustHaveEnded(pair.Refresh, domain.EndPasswordChanged)
	s.Change(1, func(p *domain.Staff) { p.Credentials.NeedsReset = false })
	for _, token := range []domain.Token{pair.Refresh, django} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
}

func TestSetPasswordRefuses(t *testing.T) {
	before := apptest.Person(1)
	s := apptest.Open(t, before)
	for chosen, rule := range map[string]domain.PasswordRule{
		"": domain.PasswordTooShort, "short": domain.PasswordTooShort, strings.Repeat("a", 1025): domain.PasswordTooLong,
	} {
		got, err := s.SetPassword().Execute(t.Context(), setTo(chosen))
		apptest.MustFail(t, string(rule), got, err, domain.ErrPasswordRefused)
		if !apptest.Breaks(err, rule) {
			t.Errorf("%v, want a refusal for %s", err, rule)
		}
	}
	s.MustAudit()
	if got := s.Staff(1); got != before || s.Hasher.Computed() != 0 {
		t.Errorf("the account has become %+v, %d hashes were computed", got, s.Hasher.Computed())
	}
}

func TestSetPasswordOverloaded(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Hasher.Full = true
	got, err := s.SetPassword().Execute(t.Context(), setTo(apptest.NewPassword))
	apptest.MustFail(t, "overloaded", got, err, domain.ErrOverloaded)
}
