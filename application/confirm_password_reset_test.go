package application_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/domain"
)

func containsText(all, part string) bool { return strings.Contains(all, part) }

func TestConfirmPasswordReset(t *testing.T) {
	s := open(t, person(1, resetDue))
	s.policy.EnforcePasswordReset = false
	ours := s.signIn(1)
	s.at(here, "x").guess(address(1), wrong)
	token := s.askForLink(1)
	s.clock.Advance(time.Second)
	execute(s, s.confirmReset(), confirm(1, token, newPassword))
	if event := s.lastEvent(); event.Kind != domain.EventPasswordReset || event.Outcome != domain.OutcomeSuccess || event.StaffID != id(1) {
		t.Errorf("the event is %+v", event)
	}
	staff := s.staff(1)
	if c := staff.Credentials; c.NeedsReset || c.Version != 1 || !c.ChangedAt.Equal(s.clock.Now()) {
		t.Errorf("the credentials are %+v", c)
	}
	s.mustHaveEnded(ours.Refresh, domain.EndPasswordChanged)
	if counters := s.counters(domain.AccountKey(id(1))); len(counters) != 1 || counters[0].Kind != domain.NetworkCounter {
		t.Errorf("counters are left: %+v", counters)
	}
	if got, want := s.letters(1), []domain.MailKind{domain.MailResetLink, domain.MailPasswordReset}; !slices.Equal(got, want) {
		t.Errorf("letters are %v, want %v", got, want)
	}
	s.mustSignIn(t, 1, newPassword, nil)
	s.mustSignIn(t, 1, password, domain.ErrInvalidCredentials)
}

// A link frees an account that wrong passwords hold.
func TestConfirmPasswordResetFreesTheAccount(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.AccountBudget = 5
	for range 5 {
		s.at(here, "x").guess(address(1), wrong)
	}
	token := s.askForLink(1)
	execute(s, s.confirmReset(), confirm(1, token, newPassword))
	if _, err := s.obtainTokens().Execute(t.Context(), signInAs(1, newPassword)); err != nil {
		t.Errorf("signing in: %v", err)
	}
}

// Whatever is wrong with a link, the answer is one, no password is hashed, and nothing changes.
func TestConfirmPasswordResetWithoutAGoodLink(t *testing.T) {
	for name, spoil := range map[string]func(s *shop, token string) (uid, shown string){
		"wrong":             func(*shop, string) (string, string) { return string(id(1)), "wrong" },
		"empty":             func(*shop, string) (string, string) { return string(id(1)), "" },
		"of another person": func(_ *shop, token string) (string, string) { return string(id(2)), token },
		"of nobody":         func(_ *shop, token string) (string, string) { return string(id(99)), token },
		"uid that is none":  func(_ *shop, token string) (string, string) { return "1 OR 1=1", token },
		"expired": func(s *shop, token string) (string, string) {
			s.clock.Advance(10 * time.Minute)
			return string(id(1)), token
		},
		"replaced": func(s *shop, token string) (string, string) {
			s.clock.Advance(time.Minute)
			s.askForLink(1)
			return string(id(1)), token
		},
		"used": func(s *shop, token string) (string, string) {
			execute(s, s.confirmReset(), confirm(1, token, "tui sing in the dark"))
			return string(id(1)), token
		},
		"password changed since": func(s *shop, token string) (string, string) {
			execute(s, s.changePassword(), changeAs(1, password, "tui sing in the dark"))
			return string(id(1)), token
		},
		"deactivated and activated since": func(s *shop, token string) (string, string) {
			s.clock.Advance(time.Second)
			s.change(1, func(staff *domain.Staff) { staff.Deactivate(s.clock.Now()) })
			s.change(1, func(staff *domain.Staff) { staff.Activate(s.policy.Today(s.clock.Now()), s.clock.Now()) })
			return string(id(1)), token
		},
		"inactive": func(s *shop, token string) (string, string) { s.change(1, inactive); return string(id(1)), token },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, person(1), person(2))
			uid, shown := spoil(s, s.askForLink(1))
			before, hashed := s.staff(1), s.hasher.Computed()
			cmd := confirm(1, shown, newPassword)
			cmd.UID = uid
			refuse(s, s.confirmReset(), cmd, domain.ErrLinkInvalid)
			if s.staff(1) != before || s.hasher.Computed() != hashed {
				t.Error("the password was set, or hashed")
			}
			if event := s.lastEvent(); event.Kind != domain.EventPasswordReset || event.Outcome == domain.OutcomeSuccess {
				t.Errorf("the event is %+v", event)
			}
		})
	}
}

// A password that is refused leaves the link as it was.
func TestConfirmPasswordResetWithABadPassword(t *testing.T) {
	s := open(t, person(1))
	token := s.askForLink(1)
	_, err := s.confirmReset().Execute(t.Context(), confirm(1, token, "short"))
	if !breaks(err, domain.PasswordTooShort) {
		t.Errorf("got %v", err)
	}
	if event := s.lastEvent(); event.Reason != domain.ReasonPasswordRefused {
		t.Errorf("the event is %+v", event)
	}
	execute(s, s.confirmReset(), confirm(1, token, newPassword))
}

// Of many that use the link at once, one sets the password.
func TestConfirmPasswordResetAtOnce(t *testing.T) {
	s := open(t, person(1))
	token := s.askForLink(1)
	var done, refused atomic.Int64
	var all sync.WaitGroup
	useCase := s.confirmReset()
	for range 20 {
		all.Go(func() {
			switch _, err := useCase.Execute(t.Context(), confirm(1, token, newPassword)); {
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
	if v := s.staff(1).Credentials.Version; v != 1 {
		t.Errorf("the password was changed %d times", v)
	}
}

// Wrong links are counted by network, and hold back no good one.
func TestGuessingLinks(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.NetworkBudget = 10
	token := s.askForLink(1)
	for n := range 100 {
		_, err := s.confirmReset().Execute(t.Context(), confirm(1, "wrong", newPassword))
		if want := n >= 9; errors.Is(err, domain.ErrThrottled) != want || errors.Is(err, domain.ErrLinkInvalid) == want {
			t.Fatalf("guess %d: %v", n, err)
		}
	}
	if n := len(s.contents().events); n != 1+9+1 {
		t.Errorf("%d events are audited: want the request, nine guesses and the first refusal", n)
	}
	s.mustSignIn(t, 1, password, nil)
	execute(s, s.confirmReset(), confirm(1, token, newPassword))
}
