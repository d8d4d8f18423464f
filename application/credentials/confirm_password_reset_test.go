package credentials_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
)

func containsText(all, part string) bool { return strings.Contains(all, part) }

func TestConfirmPasswordReset(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue))
	s.Policy.EnforcePasswordReset = false
	ours := s.SignIn(1)
	s.At(apptest.Here, "x").Guess(apptest.Address(1), apptest.Wrong)
	token := s.AskForLink(1)
	s.Clock.Advance(time.Second)
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, token, apptest.NewPassword))
	if event := s.LastEvent(); event.Kind != domain.EventPasswordReset || event.Outcome != domain.OutcomeSuccess || event.StaffID != apptest.Id(1) {
		t.Errorf("the event is %+v", event)
	}
	staff := s.Staff(1)
	if c := staff.Credentials; c.NeedsReset || c.Version != 1 || !c.ChangedAt.Equal(s.Clock.Now()) {
		t.Errorf("the credentials are %+v", c)
	}
	s.MustHaveEnded(ours.Refresh, domain.EndPasswordChanged)
	if counters := s.Counters(domain.AccountKey(apptest.Id(1))); len(counters) != 1 || counters[0].Kind != domain.NetworkCounter {
		t.Errorf("counters are left: %+v", counters)
	}
	if got, want := s.Letters(1), []domain.MailKind{domain.MailResetLink, domain.MailPasswordReset}; !slices.Equal(got, want) {
		t.Errorf("letters are %v, want %v", got, want)
	}
	s.MustSignIn(t, 1, apptest.NewPassword, nil)
	s.MustSignIn(t, 1, apptest.Password, domain.ErrInvalidCredentials)
}

// A link frees an account that wrong passwords hold.
func TestConfirmPasswordResetFreesTheAccount(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.AccountBudget = 5
	for range 5 {
		s.At(apptest.Here, "x").Guess(apptest.Address(1), apptest.Wrong)
	}
	token := s.AskForLink(1)
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, token, apptest.NewPassword))
	if _, err := s.ObtainTokens().Execute(t.Context(), apptest.SignInAs(1, apptest.NewPassword)); err != nil {
		t.Errorf("signing in: %v", err)
	}
}

// Whatever is wrong with a link, the answer is one, no password is hashed, and nothing changes.
func TestConfirmPasswordResetWithoutAGoodLink(t *testing.T) {
	for name, spoil := range map[string]func(s *apptest.Shop, token string) (uid, shown string){
		"wrong":             func(*apptest.Shop, string) (string, string) { return string(apptest.Id(1)), "wrong" },
		"empty":             func(*apptest.Shop, string) (string, string) { return string(apptest.Id(1)), "" },
		"of another person": func(_ *apptest.Shop, token string) (string, string) { return string(apptest.Id(2)), token },
		"of nobody":         func(_ *apptest.Shop, token string) (string, string) { return string(apptest.Id(99)), token },
		"uid that is none":  func(_ *apptest.Shop, token string) (string, string) { return "1 OR 1=1", token },
		"expired": func(s *apptest.Shop, token string) (string, string) {
			s.Clock.Advance(10 * time.Minute)
			return string(apptest.Id(1)), token
		},
		"replaced": func(s *apptest.Shop, token string) (string, string) {
			s.Clock.Advance(time.Minute)
			s.AskForLink(1)
			return string(apptest.Id(1)), token
		},
		"used": func(s *apptest.Shop, token string) (string, string) {
			apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, token, "tui sing in the dark"))
			return string(apptest.Id(1)), token
		},
		"password changed since": func(s *apptest.Shop, token string) (string, string) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, "tui sing in the dark"))
			return string(apptest.Id(1)), token
		},
		"deactivated and activated since": func(s *apptest.Shop, token string) (string, string) {
			s.Clock.Advance(time.Second)
			s.Change(1, func(staff *domain.Staff) { staff.Deactivate(s.Clock.Now()) })
			s.Change(1, func(staff *domain.Staff) { staff.Activate(s.Policy.Today(s.Clock.Now()), s.Clock.Now()) })
			return string(apptest.Id(1)), token
		},
		"inactive": func(s *apptest.Shop, token string) (string, string) {
			s.Change(1, apptest.Inactive)
			return string(apptest.Id(1)), token
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			uid, shown := spoil(s, s.AskForLink(1))
			before, hashed := s.Staff(1), s.Hasher.Computed()
			cmd := apptest.Confirm(1, shown, apptest.NewPassword)
			cmd.UID = uid
			apptest.Refuse(s, s.ConfirmPasswordReset(), cmd, domain.ErrLinkInvalid)
			if s.Staff(1) != before || s.Hasher.Computed() != hashed {
				t.Error("the password was set, or hashed")
			}
			if event := s.LastEvent(); event.Kind != domain.EventPasswordReset || event.Outcome == domain.OutcomeSuccess {
				t.Errorf("the event is %+v", event)
			}
		})
	}
}

// A password that is refused leaves the link as it was.
func TestConfirmPasswordResetWithABadPassword(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.AskForLink(1)
	_, err := s.ConfirmPasswordReset().Execute(t.Context(), apptest.Confirm(1, token, "short"))
	if !apptest.Breaks(err, domain.PasswordTooShort) {
		t.Errorf("got %v", err)
	}
	if event := s.LastEvent(); event.Reason != domain.ReasonPasswordRefused {
		t.Errorf("the event is %+v", event)
	}
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, token, apptest.NewPassword))
}

// Of many that use the link at once, one sets the password.
func TestConfirmPasswordResetAtOnce(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.AskForLink(1)
	var done, refused atomic.Int64
	var all sync.WaitGroup
	useCase := s.ConfirmPasswordReset()
	for range 20 {
		all.Go(func() {
			switch _, err := useCase.Execute(t.Context(), apptest.Confirm(1, token, apptest.NewPassword)); {
			case err == nil:
				done.Add(1)
			case errors.Is(err, domain.ErrLinkInvalid):
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if done.Load() != 1 || refused.Load() != 19 {
		t.Errorf("%d have set the password and %d were refused, want 1 and 19", done.Load(), refused.Load())
	}
	if v := s.Staff(1).Credentials.Version; v != 1 {
		t.Errorf("the password was changed %d times", v)
	}
}

// Wrong links are counted by network, and hold back no good one.
func TestGuessingLinks(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.NetworkBudget = 10
	token := s.AskForLink(1)
	for n := range 100 {
		_, err := s.ConfirmPasswordReset().Execute(t.Context(), apptest.Confirm(1, "wrong", apptest.NewPassword))
		if want := n >= 9; errors.Is(err, domain.ErrThrottled) != want || errors.Is(err, domain.ErrLinkInvalid) == want {
			t.Fatalf("guess %d: %v", n, err)
		}
	}
	if n := len(s.Contents().Events); n != 1+9+1 {
		t.Errorf("%d events are audited: want the request, nine guesses and the first refusal", n)
	}
	s.MustSignIn(t, 1, apptest.Password, nil)
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, token, apptest.NewPassword))
}
