package signin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// A browser is known by its token, for each who has signed in with it; anything else by
// where its sessions were opened.
func TestKnownDevices(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	browser := s.At(apptest.Here, "browser")
	for n := 1; n <= 2; n++ {
		got := apptest.Execute(s, s.ObtainTokens(), browser.Command(apptest.Address(n), apptest.Password))
		browser.Device = got.Device
	}
	s.At(apptest.Elsewhere, "phone").Must(apptest.Address(1), apptest.Password, nil)
	attacker := s.At(apptest.Here, "x")
	for range 5 {
		for n := 1; n <= 2; n++ {
			attacker.Must(apptest.Address(n), apptest.Wrong, domain.ErrInvalidCredentials)
			s.At(apptest.Elsewhere, "x").Must(apptest.Address(n), apptest.Wrong, domain.ErrInvalidCredentials)
		}
	}
	browser.Client = s.At(apptest.Elsewhere, "updated browser").Client
	for n := 1; n <= 2; n++ {
		attacker.Must(apptest.Address(n), apptest.Password, domain.ErrThrottled)
		s.At(apptest.Elsewhere, "x").Must(apptest.Address(n), apptest.Password, domain.ErrThrottled)
		browser.Must(apptest.Address(n), apptest.Password, nil)
	}
	s.At(apptest.Elsewhere, "phone").Must(apptest.Address(1), apptest.Password, nil)
	s.At(apptest.Elsewhere, "phone").Must(apptest.Address(2), apptest.Password, domain.ErrThrottled)
	s.At("198.51.100.8", "phone").Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
}

// A device with a token of any session of the account is known, from any address, and even if that session
// is over.
func TestDevicesAreKnownByTheirSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	phone, attacker := s.At(apptest.Here, "phone"), s.At(apptest.Elsewhere, "x")
	pair := apptest.Execute(s, s.ObtainTokens(), phone.Command(apptest.Address(1), apptest.Password)).Tokens
	for range 5 {
		attacker.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		attacker.Must(apptest.Address(2), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	s.Clock.Advance(time.Second)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh))
	for _, c := range []struct {
		token domain.Token
		who   int
		want  error
	}{
		{domain.NewToken("garbage"), 1, domain.ErrThrottled}, {s.Django(domain.RefreshToken, 1), 1, domain.ErrThrottled},
		{pair.Refresh, 2, domain.ErrThrottled}, {pair.Refresh, 1, nil}, {pair.Access, 1, nil},
	} {
		command := s.At(apptest.Elsewhere, "x").Command(apptest.Address(c.who), apptest.Password)
		command.Previous = []domain.Token{c.token}
		if _, err := s.ObtainTokens().Execute(t.Context(), command); !errors.Is(err, c.want) {
			t.Errorf("person %d with %s: %v, want %v", c.who, c.token.Reveal(), err, c.want)
		}
	}
}

// If clients keep device tokens, an address and a user agent do not make a known device.
func TestDevicesAreNotKnownByTheirAddress(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.DevicesByAddress = false
	s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Password, nil)
	for range 5 {
		s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	s.At(apptest.Here, "other browser").Must(apptest.Address(1), apptest.Wrong, domain.ErrThrottled)
}

// What pages of other sites have a browser try is counted apart: they cannot spend what its
// network or its owner's device has, and get no more than a network of their own.
func TestPagesOfOtherSitesAreCountedApart(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Password, nil)
	evil := s.At(apptest.Here, "browser")
	evil.CrossSite = true
	for n := range s.Policy.Throttle.NetworkBudget {
		evil.Must(fmt.Sprintf("nobody%d@example.test", n), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	evil.Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Password, nil)
	s.At(apptest.Here, "new browser").Must(apptest.Address(2), apptest.Password, nil)

	s.Clock.Advance(s.Policy.Throttle.NetworkWindow)
	for range 5 {
		evil.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	evil.Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	s.At(apptest.Here, "browser").Must(apptest.Address(1), apptest.Password, nil)
	s.At(apptest.Here, "new browser").Must(apptest.Address(1), apptest.Password, nil)
}

// A signed-in person can change the password even if others have tried too many.
func TestWhoIsSignedInCanChangeThePassword(t *testing.T) {
	for name, present := range map[string]func(*credentials.ChangePasswordCommand, signin.TokenPair){
		"access token": func(c *credentials.ChangePasswordCommand, pair signin.TokenPair) {
			c.Username, c.Access = "", pair.Access
		},
		"cookies": func(c *credentials.ChangePasswordCommand, pair signin.TokenPair) {
			c.Tokens = []domain.Token{pair.Refresh}
		},
	} {
		s := apptest.Open(t, apptest.Person(1))
		s.Policy.Throttle.DevicesByAddress = false
		pair := s.SignIn(1)
		for n := range s.Policy.Throttle.AccountBudget {
			s.At(fmt.Sprintf("10.0.%d.1", n), "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		command := credentials.ChangePasswordCommand{
			Username: apptest.Address(1), OldPassword: domain.NewPassword(apptest.Password), NewPassword: domain.NewPassword(apptest.NewPassword), Client: porttest.Client(),
		}
		apptest.Refuse(s, s.ChangePassword(), command, domain.ErrThrottled)
		present(&command, pair)
		if _, err := s.ChangePassword().Execute(t.Context(), command); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A device has a budget of its own, and then that of everybody; a success gives it back.
func TestTheBudgetOfADevice(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	owner := s.Owner(1, apptest.Here)
	spend := func(want int) {
		t.Helper()
		tried := 0
		for {
			wait := owner.Guess(apptest.Address(1), apptest.Wrong)
			if wait == 0 {
				tried++
			}
			if kinds := s.Counters(domain.AccountKey(apptest.Id(1))); tried > 0 && kinds[len(kinds)-1].Kind == domain.NetworkCounter {
				break // it is counted like any other
			}
			s.Clock.Advance(wait)
		}
		if tried != want {
			t.Errorf("the %d-th guess was the first that counted like anybody's, want %d", tried, want)
		}
	}
	spend(21)
	s.Clock.Advance(20 * time.Minute)
	owner.Must(apptest.Address(1), apptest.Password, nil)
	for _, counter := range s.Counters(domain.AccountKey(apptest.Id(1))) {
		if counter.Kind != domain.NetworkCounter {
			t.Errorf("after a success there is %+v", counter)
		}
	}
	s.Clock.Advance(15 * time.Minute)
	apptest.Execute(s, s.ForgetFailures(), upkeep.ForgetFailuresCommand{})
	spend(21)
}
