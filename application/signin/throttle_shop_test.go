package signin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
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
	s := apptest.Open(t)
	var staff []*apptest.Guesser
	for n := range people {
		s.Save(apptest.Person(n))
		staff = append(staff, s.Owner(n, apptest.Here))
	}
	attacker := s.At("192.0.2.200", "attacker")
	compared, of := 0, [people]int{}
	var capsDelayed, worst time.Duration
	for second := range guesses {
		s.Clock.Advance(time.Second)
		victim := second % people
		if attacker.Guess(apptest.Address(victim), fmt.Sprint(apptest.Wrong, second)) == 0 {
			compared++
			of[victim]++
		}
		if second%20 == 0 {
			capsDelayed = max(capsDelayed, staff[capsLock].Guess(apptest.Address(capsLock), apptest.Wrong))
		}
		who := (second / 50) % people // everybody signs in now and then, and errs sometimes
		if second%50 != 0 || who == capsLock {
			continue
		}
		if second%3 == 0 {
			worst = max(worst, staff[who].Guess(apptest.Address(who), apptest.Wrong))
		}
		worst = max(worst, staff[who].Guess(apptest.Address(who), apptest.Password))
	}
	windows := guesses/int(s.Policy.Throttle.NetworkWindow/time.Second) + 1
	t.Logf("of %d passwords %d were compared; the one with caps lock was delayed for up to %v, the others for up to %v",
		guesses, compared, capsDelayed, worst)
	if worst > 2*time.Second {
		t.Errorf("somebody was delayed for %v, want 2 s at most", worst)
	}
	if most := windows * s.Policy.Throttle.NetworkBudget; compared > most || compared == 0 {
		t.Errorf("%d passwords were compared, want %d at most and some", compared, most)
	}
	for n, tried := range of {
		if tried > s.Policy.Throttle.AccountBudget {
			t.Errorf("%d passwords of person %d were compared, want %d at most", tried, n, s.Policy.Throttle.AccountBudget)
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
	s := apptest.Open(t)
	var staff []*apptest.Guesser
	for n := range people {
		s.Save(apptest.Person(n))
		staff = append(staff, s.Owner(n, apptest.Here))
	}
	attacker := s.At("192.0.2.200", "attacker")
	of := [people]int{}
	for range 200 {
		s.Clock.Advance(s.Policy.Throttle.MaxDelay)
		for victim := range people {
			if attacker.Guess(apptest.Address(victim), apptest.Wrong) == 0 {
				of[victim]++
			}
		}
	}
	for n, tried := range of {
		if tried != s.Policy.Throttle.AccountBudget {
			t.Errorf("%d passwords of person %d were compared in two days, want %d", tried, n, s.Policy.Throttle.AccountBudget)
		}
		if wait := staff[n].Guess(apptest.Address(n), apptest.Password); wait > 0 {
			t.Errorf("person %d has to wait for %v", n, wait)
		}
		if wait := attacker.Guess(apptest.Address(n), apptest.Password); wait == 0 {
			t.Errorf("the guesser was let in to person %d", n)
		}
	}
}

// A thousand addresses in as many networks guess the password of one account: the account's
// budget holds, also while its owner signs in, whose device they cannot delay.
func TestADistributedGuesser(t *testing.T) {
	const networks, rounds = 1000, 5
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	browser := s.Owner(1, apptest.Here)
	s.At(apptest.Elsewhere, "phone").Must(apptest.Address(1), apptest.Password, nil)
	compared := 0
	for round := range rounds {
		for n := range networks {
			if s.At(fmt.Sprintf("10.%d.%d.1", n/250, n%250), "x").Guess(apptest.Address(1), fmt.Sprint(apptest.Wrong, round)) == 0 {
				compared++
			}
			if n%100 == 0 {
				browser.Must(apptest.Address(1), apptest.Password, nil)
				s.At(apptest.Elsewhere, "phone").Must(apptest.Address(1), apptest.Password, nil)
			}
			s.Clock.Advance(time.Second)
		}
	}
	t.Logf("of %d passwords %d were compared", networks*rounds, compared)
	if want := s.Policy.Throttle.AccountBudget; compared != want {
		t.Errorf("%d passwords were compared, want %d", compared, want)
	}
	s.At("203.0.113.1", "new phone").Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	s.At("203.0.113.1", "new phone").Must(apptest.Address(2), apptest.Password, nil)
}

// A customer has a /48 in IPv6, which is 65,536 networks: they have four budgets together.
func TestTheNetworksOfOneCustomer(t *testing.T) {
	network := func(n int) string { return fmt.Sprintf("2001:db8:1:%x::7", n) }
	for name, ask := range map[string]func(s *apptest.Shop, from string, n int) error{
		"sign-ins": func(s *apptest.Shop, from string, n int) error {
			g := s.At(from, "x")
			return apptest.Failure(s.ObtainTokens().Execute(t.Context(), g.Command(fmt.Sprint(n, apptest.Nobody), apptest.Wrong)))
		},
		"links": func(s *apptest.Shop, from string, n int) error {
			cmd := apptest.ResetOf(fmt.Sprint(n, apptest.Nobody))
			cmd.Client = s.At(from, "x").Client
			return apptest.Failure(s.RequestPasswordReset().Execute(t.Context(), cmd))
		},
		"wrong links": func(s *apptest.Shop, from string, n int) error {
			cmd := apptest.Confirm(1, "wrong", apptest.NewPassword)
			cmd.Client = s.At(from, "x").Client
			return apptest.Failure(s.ConfirmPasswordReset().Execute(t.Context(), cmd))
		},
	} {
		s := apptest.Open(t, apptest.Person(1))
		s.Policy.Throttle.NetworkBudget = 10
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
		if n := len(s.Contents().Events); n != 42 {
			t.Errorf("%s: %d events, want 41 attempts and the first refusal", name, n)
		}
	}
}

// What is refused for its network writes nothing, but for the event of each minute.
func TestRefusalsByNetworkWriteNothing(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.NetworkBudget = 3
	store := &apptest.Counting{Store: &s.Store}
	s.Front = store
	for name, ask := range map[string]func() error{
		"links": func() error {
			return apptest.Failure(s.RequestPasswordReset().Execute(t.Context(), apptest.ResetOf(apptest.Nobody)))
		},
		"wrong links": func() error {
			return apptest.Failure(s.ConfirmPasswordReset().Execute(t.Context(), apptest.Confirm(1, "wrong", apptest.NewPassword)))
		},
	} {
		for range 5 { // the last two are refused, and the first of those is audited
			_ = ask()
		}
		store.Updates = 0
		for range 50 {
			if err := ask(); !errors.Is(err, domain.ErrThrottled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if store.Updates != 0 {
			t.Errorf("%s: 50 refusals have written %d times", name, store.Updates)
		}
		s.Clock.Advance(time.Minute)
		if _ = ask(); store.Updates != 1 {
			t.Errorf("%s: a minute later there are %d updates, want one", name, store.Updates)
		}
		s.Clock.Advance(s.Policy.Throttle.NetworkWindow)
	}
}

// One customer's networks share the delay at an account.
func TestOneCustomerIsDelayedInEveryNetwork(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	for n := range 5 {
		s.At(fmt.Sprintf("2001:db8:1:%x::7", n), "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	s.At("2001:db8:1:99::7", "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrThrottled)
	s.At("2001:db8:2::7", "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
}
