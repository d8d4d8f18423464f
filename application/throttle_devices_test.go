package application_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// A browser is known by its token, for each who has signed in with it; anything else by
// where its sessions were opened.
func TestKnownDevices(t *testing.T) {
	s := open(t, person(1), person(2))
	browser := s.at(here, "browser")
	for n := 1; n <= 2; n++ {
		got := execute(s, s.obtainTokens(), browser.command(address(n), password))
		browser.device = got.Device
	}
	s.at(elsewhere, "phone").must(address(1), password, nil)
	attacker := s.at(here, "x")
	for range 5 {
		for n := 1; n <= 2; n++ {
			attacker.must(address(n), wrong, domain.ErrInvalidCredentials)
			s.at(elsewhere, "x").must(address(n), wrong, domain.ErrInvalidCredentials)
		}
	}
	browser.client = s.at(elsewhere, "updated browser").client
	for n := 1; n <= 2; n++ {
		attacker.must(address(n), password, domain.ErrThrottled)
		s.at(elsewhere, "x").must(address(n), password, domain.ErrThrottled)
		browser.must(address(n), password, nil)
	}
	s.at(elsewhere, "phone").must(address(1), password, nil)
	s.at(elsewhere, "phone").must(address(2), password, domain.ErrThrottled)
	s.at("198.51.100.8", "phone").must(address(1), password, domain.ErrThrottled)
}

// Whoever still has a token of a session of the account is known by that, wherever it comes
// from now, and though the session is over.
func TestDevicesAreKnownByTheirSessions(t *testing.T) {
	s := open(t, person(1), person(2))
	phone, attacker := s.at(here, "phone"), s.at(elsewhere, "x")
	pair := execute(s, s.obtainTokens(), phone.command(address(1), password)).Tokens
	for range 5 {
		attacker.must(address(1), wrong, domain.ErrInvalidCredentials)
		attacker.must(address(2), wrong, domain.ErrInvalidCredentials)
	}
	s.clock.Advance(time.Second)
	execute(s, s.signOut(), signOutWith(pair.Refresh))
	for _, c := range []struct {
		token domain.Token
		who   int
		want  error
	}{
		{domain.NewToken("garbage"), 1, domain.ErrThrottled}, {s.django(domain.RefreshToken, 1), 1, domain.ErrThrottled},
		{pair.Refresh, 2, domain.ErrThrottled}, {pair.Refresh, 1, nil}, {pair.Access, 1, nil},
	} {
		command := s.at(elsewhere, "x").command(address(c.who), password)
		command.Previous = []domain.Token{c.token}
		if _, err := s.obtainTokens().Execute(t.Context(), command); !errors.Is(err, c.want) {
			t.Errorf("person %d with %s: %v, want %v", c.who, c.token.Reveal(), err, c.want)
		}
	}
}

// Where clients keep what they are given, an address and a user agent are nobody's device.
func TestDevicesAreNotKnownByTheirAddress(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.DevicesByAddress = false
	s.at(here, "browser").must(address(1), password, nil)
	for range 5 {
		s.at(here, "browser").must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	s.at(here, "browser").must(address(1), password, domain.ErrThrottled)
	s.at(here, "other browser").must(address(1), wrong, domain.ErrThrottled)
}

// What pages of other sites have a browser try is counted apart: they cannot spend what its
// network or its owner's device has, and get no more than a network of their own.
func TestPagesOfOtherSitesAreCountedApart(t *testing.T) {
	s := open(t, person(1), person(2))
	s.at(here, "browser").must(address(1), password, nil)
	evil := s.at(here, "browser")
	evil.crossSite = true
	for n := range s.policy.Throttle.NetworkBudget {
		evil.must(fmt.Sprintf("nobody%d@example.test", n), wrong, domain.ErrInvalidCredentials)
	}
	evil.must(address(1), password, domain.ErrThrottled)
	s.at(here, "browser").must(address(1), password, nil)
	s.at(here, "new browser").must(address(2), password, nil)

	s.clock.Advance(s.policy.Throttle.NetworkWindow)
	for range 5 {
		evil.must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	evil.must(address(1), password, domain.ErrThrottled)
	s.at(here, "browser").must(address(1), password, nil)
	s.at(here, "new browser").must(address(1), password, nil)
}

// Whoever is signed in can change the password, whatever others have tried.
func TestWhoIsSignedInCanChangeThePassword(t *testing.T) {
	for name, present := range map[string]func(*application.ChangePasswordCommand, application.TokenPair){
		"access token": func(c *application.ChangePasswordCommand, pair application.TokenPair) {
			c.Username, c.Access = "", pair.Access
		},
		"cookies": func(c *application.ChangePasswordCommand, pair application.TokenPair) {
			c.Tokens = []domain.Token{pair.Refresh}
		},
	} {
		s := open(t, person(1))
		s.policy.Throttle.DevicesByAddress = false
		pair := s.signIn(1)
		for n := range s.policy.Throttle.AccountBudget {
			s.at(fmt.Sprintf("10.0.%d.1", n), "x").must(address(1), wrong, domain.ErrInvalidCredentials)
		}
		command := application.ChangePasswordCommand{
			Username: address(1), OldPassword: domain.NewPassword(password), NewPassword: domain.NewPassword(newPassword), Client: porttest.Client(),
		}
		refuse(s, s.changePassword(), command, domain.ErrThrottled)
		present(&command, pair)
		if _, err := s.changePassword().Execute(t.Context(), command); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A device has a budget of its own, and then that of everybody; a success gives it back.
func TestTheBudgetOfADevice(t *testing.T) {
	s := open(t, person(1))
	owner := s.owner(1, here)
	spend := func(want int) {
		t.Helper()
		tried := 0
		for {
			wait := owner.guess(address(1), wrong)
			if wait == 0 {
				tried++
			}
			if kinds := s.counters(domain.AccountKey(id(1))); tried > 0 && kinds[len(kinds)-1].Kind == domain.NetworkCounter {
				break // it is counted like any other
			}
			s.clock.Advance(wait)
		}
		if tried != want {
			t.Errorf("the %d-th guess was the first that counted like anybody's, want %d", tried, want)
		}
	}
	spend(21)
	s.clock.Advance(20 * time.Minute)
	owner.must(address(1), password, nil)
	for _, counter := range s.counters(domain.AccountKey(id(1))) {
		if counter.Kind != domain.NetworkCounter {
			t.Errorf("after a success there is %+v", counter)
		}
	}
	s.clock.Advance(15 * time.Minute)
	execute(s, s.forgetFailures(), application.ForgetFailuresCommand{})
	spend(21)
}
