package application_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/domain"
)

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
