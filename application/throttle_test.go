package application_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const here, elsewhere = "192.0.2.7", "198.51.100.7"

// From the sixth attempt on there is a delay, for the right password too, and whether or not
// anybody has the address.
func TestWrongPasswordsAreDelayed(t *testing.T) {
	bad, throttled := domain.ErrInvalidCredentials, domain.ErrThrottled
	for _, username := range []string{address(1), "PERSON1@EXAMPLE.TEST", address(2), address(3), "nobody@example.test"} {
		s := open(t, person(1), person(2, inactive), person(3, unusable))
		g := s.at(here, "x")
		for range 5 {
			g.must(username, wrong, bad)
		}
		hashed := s.hasher.Computed()
		for n, delay := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
			for _, typed := range []string{wrong, password} {
				if got := g.guess(username, typed); got != delay {
					t.Errorf("%s: after %d failures %q has to wait %v, want %v", username, 5+n, typed, got, delay)
				}
			}
			s.clock.Advance(delay - time.Millisecond)
			g.must(username, password, throttled)
			s.clock.Advance(time.Millisecond)
			g.must(username, wrong, bad)
		}
		if got := s.hasher.Computed() - hashed; got != 3 {
			t.Errorf("%s: %d passwords were compared, want 3", username, got)
		}
	}
}

// The counters are those of an unknown address, step by step and to the number.
func TestUnknownAddressesAreCountedLikeKnownOnes(t *testing.T) {
	counted := map[bool][][]domain.Counter{}
	calls := map[bool]int{}
	for known, username := range map[bool]string{true: address(1), false: "nobody@example.test"} {
		s := open(t, person(1))
		store := &faulty{Store: &s.store, calls: 1 << 30}
		s.front = store
		account := domain.AccountKey(id(1))
		if !known {
			account = domain.AccountKey(memory.Subjects{}.HashSubject(username))
		}
		for range 8 {
			s.at(here, "x").guess(username, wrong)
			counters := s.counters(account)
			for i := range counters {
				counters[i].Account = ""
			}
			counted[known] = append(counted[known], counters)
			s.clock.Advance(time.Second)
		}
		calls[known] = 1<<30 - store.calls
	}
	if !reflect.DeepEqual(counted[true], counted[false]) {
		t.Errorf("a known account is counted\n%+v, an unknown one\n%+v", counted[true], counted[false])
	}
	// An unknown account has no hash of its own, so another one is read; but the account is not
	// read again when the outcome is written.
	if calls[true] != calls[false] {
		t.Errorf("a known account takes %d calls to the store, an unknown one %d", calls[true], calls[false])
	}
}

func TestSuccessResets(t *testing.T) {
	s := open(t, person(1), person(2))
	g := s.at(here, "x")
	for range 3 {
		for range 5 {
			g.must(address(1), wrong, domain.ErrInvalidCredentials)
		}
		g.must(address(1), wrong, domain.ErrThrottled)
		s.clock.Advance(2 * time.Second)
		g.must(address(1), password, nil)
	}
	if got := s.counters(domain.AccountKey(id(1))); len(got) != 1 || got[0].Kind != domain.NetworkCounter || got[0].Failures != 5 {
		t.Errorf("after a success there is %+v, want only the network's 5 failures from before the device was known", got)
	}
}

// A refresh is never refused, and resets nothing.
func TestRefreshingHasNoPartInIt(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	stranger := s.at(here, "x")
	for range 5 {
		stranger.must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	before := s.counters(domain.AccountKey(id(1)))
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	execute(s, s.currentStaff(), me(pair.Access))
	execute(s, s.verifyToken(), verify(pair.Access))
	if after := s.counters(domain.AccountKey(id(1))); !reflect.DeepEqual(after, before) {
		t.Errorf("the counters have become %+v", after)
	}
	stranger.must(address(1), password, domain.ErrThrottled)
	execute(s, s.signOut(), signOutWith(pair.Refresh))
}

// A right password that gets no tokens is a success all the same, an inactive account's is not.
func TestWhatCountsAsASuccess(t *testing.T) {
	for name, test := range map[string]struct {
		who      domain.Staff
		failures int
	}{
		"reset due": {person(1, resetDue), 0}, "inactive": {person(1, inactive), 5}, "left": {person(1, left), 5},
	} {
		s := open(t, test.who)
		g := s.at(here, "x")
		for range 4 {
			g.must(address(1), wrong, domain.ErrInvalidCredentials)
		}
		_, _ = s.obtainTokens().Execute(t.Context(), g.command(address(1), password))
		failures := 0
		for _, counter := range s.counters(domain.AccountKey(id(1))) {
			if counter.Kind == domain.AccountCounter {
				failures = counter.Failures
			}
		}
		if failures != test.failures {
			t.Errorf("%s: %d failures count, want %d", name, failures, test.failures)
		}
	}
}

// Whoever guesses the old password of a change is counted with those who sign in.
func TestChangesOfThePasswordCount(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.skipAudit()
	change := changeAs(1, wrong, newPassword)
	change.Client.UserAgent = "x"
	for range 5 {
		refuse(s, s.changePassword(), change, domain.ErrInvalidCredentials)
	}
	stranger := s.at(here, "x")
	stranger.must(address(1), password, domain.ErrThrottled)
	change.OldPassword = domain.NewPassword(password)
	refuse(s, s.changePassword(), change, domain.ErrThrottled)
	last := s.lastEvent()
	if last.Kind != domain.EventSignIn || last.Outcome != domain.OutcomeBlocked || last.Reason != domain.ReasonThrottled || last.StaffID != id(1) {
		t.Errorf("the last event is %+v, want the first refusal and no other", last)
	}
	s.clock.Advance(2 * time.Second)
	change.Username, change.Access = "", pair.Access // the same account, by another name
	execute(s, s.changePassword(), change)
	stranger.must(address(1), newPassword, nil)
}

// An attempt that comes to nothing does not count, whatever it came to nothing by.
func TestWithdrawnAttempts(t *testing.T) {
	for name, spoil := range map[string]func(*shop, context.CancelFunc){
		"overload":         func(s *shop, _ context.CancelFunc) { s.hasher.Full = true },
		"client gone":      func(s *shop, cancel context.CancelFunc) { s.passwords = meanwhile{&s.hasher, cancel} },
		"store fails once": func(s *shop, _ context.CancelFunc) { s.front = &faulty{Store: &s.store, calls: 16} },
	} {
		s := open(t, person(1))
		for range 4 {
			s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
		}
		before := s.counters(domain.AccountKey(id(1)))
		for _, typed := range []string{password, wrong} {
			ctx, cancel := context.WithCancel(t.Context())
			s.clock.Advance(time.Second)
			spoil(s, cancel)
			if _, err := s.obtainTokens().Execute(ctx, s.at(here, "x").command(address(1), typed)); err == nil || domain.IsRefusal(err) {
				t.Errorf("%s, %s: %v, want a failure", name, typed, err)
			}
			if after := s.counters(domain.AccountKey(id(1))); !reflect.DeepEqual(after, before) {
				t.Errorf("%s, %s: the counters have become\n%+v, were\n%+v", name, typed, after, before)
			}
			cancel()
		}
	}
}

// Parallel guesses do not slip past the limit: each is counted before it is looked at.
func TestParallelGuesses(t *testing.T) {
	for name, test := range map[string]struct {
		free  int // failures before
		known bool
		want  int
	}{
		"nothing counted": {0, false, 5}, "one left": {4, false, 1}, "known device": {0, true, 20}, "known device, one left": {4, true, 1},
	} {
		s := open(t, person(1))
		g := s.at(here, "x")
		if test.known {
			g = s.owner(1, here)
		}
		for range test.free {
			g.must(address(1), wrong, domain.ErrInvalidCredentials)
		}
		before := s.hasher.Computed()
		release := make(chan struct{})
		s.passwords = meanwhile{&s.hasher, func() { <-release }}
		var all, refused sync.WaitGroup
		const callers = 200
		refused.Add(callers - test.want)
		for range callers {
			all.Go(func() {
				_, err := s.obtainTokens().Execute(t.Context(), g.command(address(1), wrong))
				if errors.Is(err, domain.ErrThrottled) {
					refused.Done()
				} else if !errors.Is(err, domain.ErrInvalidCredentials) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		refused.Wait() // none of them waits for those that are compared
		close(release)
		all.Wait()
		if got := int(s.hasher.Computed() - before); got != test.want {
			t.Errorf("%s: %d of %d guesses were compared, want %d", name, got, callers, test.want)
		}
	}
}

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

// What is refused without a word in the trail writes nothing: a flood of passwords holds up
// nobody who is signed in.
func TestRefusalsWriteNothing(t *testing.T) {
	s := open(t, person(1))
	guesser := s.at(here, "x")
	for range 6 {
		guesser.guess(address(1), wrong)
	}
	updates := 0
	s.front = &counted{Store: &s.store, after: func(int) { updates++ }}
	for range 50 {
		guesser.must(address(1), password, domain.ErrThrottled)
	}
	s.clock.Advance(time.Hour)
	s.hasher.Full = true
	for range 50 {
		guesser.must(address(1), password, domain.ErrOverloaded)
	}
	if updates > 0 {
		t.Errorf("there were %d updates", updates)
	}
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

// What frees an account frees it of everything that is held against it.
func TestFreeing(t *testing.T) {
	client := porttest.Client()
	for name, free := range map[string]func(*shop) error{
		"unlock": func(s *shop) error {
			return failure(s.unlockStaff().Execute(t.Context(), application.UnlockStaffCommand{Email: address(1), Client: client}))
		},
		"set password": func(s *shop) error {
			s.policy.EnforcePasswordReset = false
			s.change(1, unusable) // or else it is the present one
			return failure(s.setPassword().Execute(t.Context(), application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(password), Client: client}))
		},
		"activate": func(s *shop) error {
			return failure(s.activateStaff().Execute(t.Context(), application.ActivateStaffCommand{Email: address(1), Client: client}))
		},
	} {
		s := open(t, person(1), person(2))
		for n := range 20 {
			for range 5 {
				s.at(fmt.Sprintf("198.51.%d.1", n), "x").must(address(1), wrong, domain.ErrInvalidCredentials)
			}
		}
		for range 5 {
			s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
		}
		fresh := s.at("203.0.113.1", "x")
		s.clock.Advance(24 * time.Hour)
		_, err := s.obtainTokens().Execute(t.Context(), fresh.command(address(1), password))
		if throttled, ok := errors.AsType[*domain.Throttled](err); !ok || !throttled.Held {
			t.Errorf("%s: %v, want the account to be held", name, err)
		}
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}); !got.Held || got.Failures != 100 {
			t.Errorf("%s: %d failures, held: %t; want 100 that hold", name, got.Failures, got.Held)
		}
		if err := free(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fresh.must(address(1), password, nil)
		s.at("198.51.3.1", "x").must(address(1), password, nil)
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}); got.Held || got.Failures != 0 {
			t.Errorf("%s: there are %d failures, held: %t", name, got.Failures, got.Held)
		}
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: address(2)}); got.Failures != 5 {
			t.Errorf("%s: the other account has %d failures, want 5", name, got.Failures)
		}
	}
}

// An unlocking is audited if there was anything to unlock.
func TestUnlockIsAudited(t *testing.T) {
	s := open(t, person(1))
	s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	s.skipAudit()
	cmd := application.UnlockStaffCommand{Email: address(1), Client: porttest.Client()}
	if got := execute(s, s.unlockStaff(), cmd); !got.Changed || got.Staff != s.staff(1) {
		t.Errorf("the result is %+v, want a change of nothing but counters", got)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if got := execute(s, s.unlockStaff(), cmd); got.Changed {
		t.Error("the second time there is a change")
	}
	s.mustAudit()
}

// Off means that nothing is counted.
func TestThrottlingOff(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.On = false
	for range 200 {
		s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	s.at(here, "x").must(address(1), password, nil)
	if got := s.counters(domain.AccountKey(id(1))); len(got) != 0 {
		t.Errorf("there is %+v", got)
	}
}

// What holds nobody back is forgotten; what holds an account is kept, known or not.
func TestForgetFailures(t *testing.T) {
	s := open(t, person(1))
	for n := range 100 {
		for _, username := range []string{address(1), "nobody@example.test"} {
			s.at(fmt.Sprintf("198.51.%d.1", n), "x").must(username, wrong, domain.ErrInvalidCredentials)
		}
	}
	s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
	for _, step := range []struct {
		later time.Duration
		want  int
	}{
		{0, 0}, {16 * time.Minute, 101}, {24 * time.Hour, 201}, {30 * 24 * time.Hour, 1}, {365 * 24 * time.Hour, 0},
	} {
		s.clock.Advance(step.later)
		if removed := execute(s, s.forgetFailures(), application.ForgetFailuresCommand{}).Count; removed != step.want {
			t.Errorf("%v later %d counters are forgotten, want %d", step.later, removed, step.want)
		}
	}
	for _, username := range []string{address(1), "nobody@example.test"} {
		s.at(here, "x").must(username, password, domain.ErrThrottled)
	}
	s.at(here, "x").must(address(2), wrong, domain.ErrInvalidCredentials)
	s.breakFrom(1)
	refuse(s, s.forgetFailures(), application.ForgetFailuresCommand{}, domain.ErrUnavailable)
}

// A deleted account leaves no counters.
func TestDeletingForgetsFailures(t *testing.T) {
	s := open(t, person(1))
	s.at(here, "x").must(address(1), wrong, domain.ErrInvalidCredentials)
	execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1), Client: porttest.Client()})
	s.view(func(r ports.Records) error {
		got, err := r.Throttle().OfAccount(domain.AccountKey(id(1)))
		if len(got) > 0 {
			t.Errorf("there is %+v", got)
		}
		return err
	})
}
