package application_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/domain"
)

// Forty people work behind one address. One of them has caps lock on, and somebody inside
// the network, who knows everybody's address, guesses 10,000 passwords, one a second, and
// goes to the next account when one makes him wait. What docs/operations.md promises:
//
//   - nobody else is delayed, whatever the two do;
//   - he gets a network's budget in each window, and never more than an account's budget of
//     any of the accounts.
func TestAShopBehindOneAddress(t *testing.T) {
	const people, guesses, capsLock = 40, 10_000, 7
	s := open(t)
	var staff []*guesser
	for n := range people {
		s.save(person(n))
		staff = append(staff, s.owner(n, here))
	}
	attacker := s.at("192.0.2.200", "attacker")
	compared, of := 0, [people]int{}
	var capsDelayed, worst time.Duration
	for second := range guesses {
		s.clock.Advance(time.Second)
		victim := second % people
		if attacker.guess(address(victim), fmt.Sprint(wrong, second)) == 0 {
			compared++
			of[victim]++
		}
		if second%20 == 0 {
			capsDelayed = max(capsDelayed, staff[capsLock].guess(address(capsLock), wrong))
		}
		who := (second / 50) % people // everybody signs in now and then, and errs sometimes
		if second%50 != 0 || who == capsLock {
			continue
		}
		if second%3 == 0 {
			worst = max(worst, staff[who].guess(address(who), wrong))
		}
		worst = max(worst, staff[who].guess(address(who), password))
	}
	windows := guesses/int(s.policy.Throttle.NetworkWindow/time.Second) + 1
	t.Logf("of %d passwords %d were compared; the one with caps lock was delayed for up to %v, the others for up to %v",
		guesses, compared, capsDelayed, worst)
	if worst > 2*time.Second {
		t.Errorf("somebody was delayed for %v, want 2 s at most", worst)
	}
	if most := windows * s.policy.Throttle.NetworkBudget; compared > most || compared == 0 {
		t.Errorf("%d passwords were compared, want %d at most and some", compared, most)
	}
	for n, tried := range of {
		if tried > s.policy.Throttle.AccountBudget {
			t.Errorf("%d passwords of person %d were compared, want %d at most", tried, n, s.policy.Throttle.AccountBudget)
		}
	}
	if capsDelayed < 10*time.Second {
		t.Errorf("caps lock was delayed for %v at most: has it been tried?", capsDelayed)
	}
}

// However patient the one inside the network is, each account ends by being held for
// strangers, and its owner goes on.
func TestAPatientGuesserInTheShop(t *testing.T) {
	const people = 4
	s := open(t)
	var staff []*guesser
	for n := range people {
		s.save(person(n))
		staff = append(staff, s.owner(n, here))
	}
	attacker := s.at("192.0.2.200", "attacker")
	of := [people]int{}
	for range 200 {
		s.clock.Advance(s.policy.Throttle.MaxDelay)
		for victim := range people {
			if attacker.guess(address(victim), wrong) == 0 {
				of[victim]++
			}
		}
	}
	for n, tried := range of {
		if tried != s.policy.Throttle.AccountBudget {
			t.Errorf("%d passwords of person %d were compared in two days, want %d", tried, n, s.policy.Throttle.AccountBudget)
		}
		if wait := staff[n].guess(address(n), password); wait > 0 {
			t.Errorf("person %d has to wait for %v", n, wait)
		}
		if wait := attacker.guess(address(n), password); wait == 0 {
			t.Errorf("the guesser was let in to person %d", n)
		}
	}
}

// A thousand addresses in as many networks guess the password of one account: the account's
// budget holds, also while its owner signs in, whose device they cannot delay.
func TestADistributedGuesser(t *testing.T) {
	const networks, rounds = 1000, 5
	s := open(t, person(1), person(2))
	browser := s.owner(1, here)
	s.at(elsewhere, "phone").must(address(1), password, nil)
	compared := 0
	for round := range rounds {
		for n := range networks {
			if s.at(fmt.Sprintf("10.%d.%d.1", n/250, n%250), "x").guess(address(1), fmt.Sprint(wrong, round)) == 0 {
				compared++
			}
			if n%100 == 0 {
				browser.must(address(1), password, nil)
				s.at(elsewhere, "phone").must(address(1), password, nil)
			}
			s.clock.Advance(time.Second)
		}
	}
	t.Logf("of %d passwords %d were compared", networks*rounds, compared)
	if want := s.policy.Throttle.AccountBudget; compared != want {
		t.Errorf("%d passwords were compared, want %d", compared, want)
	}
	s.at("203.0.113.1", "new phone").must(address(1), password, domain.ErrThrottled)
	s.at("203.0.113.1", "new phone").must(address(2), password, nil)
}

// A customer has a /48 in IPv6, which is 65,536 networks: they have four budgets together.
func TestTheNetworksOfOneCustomer(t *testing.T) {
	network := func(n int) string { return fmt.Sprintf("2001:db8:1:%x::7", n) }
	for name, ask := range map[string]func(s *shop, from string, n int) error{
		"sign-ins": func(s *shop, from string, n int) error {
			g := s.at(from, "x")
			return failure(s.obtainTokens().Execute(t.Context(), g.command(fmt.Sprint(n, nobody), wrong)))
		},
		"links": func(s *shop, from string, n int) error {
			cmd := resetOf(fmt.Sprint(n, nobody))
			cmd.Client = s.at(from, "x").client
			return failure(s.requestReset().Execute(t.Context(), cmd))
		},
		"wrong links": func(s *shop, from string, n int) error {
			cmd := confirm(1, "wrong", newPassword)
			cmd.Client = s.at(from, "x").client
			return failure(s.confirmReset().Execute(t.Context(), cmd))
		},
	} {
		s := open(t, person(1))
		s.policy.Throttle.NetworkBudget = 10
		admitted := 0
		for n := range 200 {
			if err := ask(s, network(n), n); !errors.Is(err, domain.ErrThrottled) {
				admitted++
			}
		}
		if admitted != 40 {
			t.Errorf("%s: %d of 200 networks of a /48 were admitted, want 40", name, admitted)
		}
		if err := ask(s, "2001:db8:2::7", 0); errors.Is(err, domain.ErrThrottled) {
			t.Errorf("%s: another customer is refused: %v", name, err)
		}
		if n := len(s.contents().events); n != 42 {
			t.Errorf("%s: %d events, want 41 attempts and the first refusal", name, n)
		}
	}
}

// What is refused for its network writes nothing, but for the event of each minute.
func TestRefusalsByNetworkWriteNothing(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.NetworkBudget = 3
	store := &counting{Store: &s.store}
	s.front = store
	for name, ask := range map[string]func() error{
		"links":       func() error { return failure(s.requestReset().Execute(t.Context(), resetOf(nobody))) },
		"wrong links": func() error { return failure(s.confirmReset().Execute(t.Context(), confirm(1, "wrong", newPassword))) },
	} {
		for range 5 { // the last two are refused, and the first of those is audited
			_ = ask()
		}
		store.updates = 0
		for range 50 {
			if err := ask(); !errors.Is(err, domain.ErrThrottled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if store.updates != 0 {
			t.Errorf("%s: 50 refusals have written %d times", name, store.updates)
		}
		s.clock.Advance(time.Minute)
		if _ = ask(); store.updates != 1 {
			t.Errorf("%s: a minute later there are %d updates, want one", name, store.updates)
		}
		s.clock.Advance(s.policy.Throttle.NetworkWindow)
	}
}

// One customer's networks share the delay at an account.
func TestOneCustomerIsDelayedInEveryNetwork(t *testing.T) {
	s := open(t, person(1))
	for n := range 5 {
		s.at(fmt.Sprintf("2001:db8:1:%x::7", n), "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	s.at("2001:db8:1:99::7", "x").must(address(1), wrong, domain.ErrThrottled)
	s.at("2001:db8:2::7", "x").must(address(1), wrong, domain.ErrInvalidCredentials)
}
