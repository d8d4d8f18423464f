package signin_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
)

// From the sixth attempt on there is a delay, for the right password too, and whether or not
// anybody has the address.
func TestWrongPasswordsAreDelayed(t *testing.T) {
	bad, throttled := domain.ErrInvalidCredentials, domain.ErrThrottled
	for _, username := range []string{apptest.Address(1), "PERSON1@EXAMPLE.TEST", apptest.Address(2), apptest.Address(3), "nobody@example.test"} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive), apptest.Person(3, apptest.Unusable))
		g := s.At(apptest.Here, "x")
		for range 5 {
			g.Must(username, apptest.Wrong, bad)
		}
		hashed := s.Hasher.Computed()
		for n, delay := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
			for _, typed := range []string{apptest.Wrong, apptest.Password} {
				if got := g.Guess(username, typed); got != delay {
					t.Errorf("%s: after %d failures %q has to wait %v, want %v", username, 5+n, typed, got, delay)
				}
			}
			s.Clock.Advance(delay - time.Millisecond)
			g.Must(username, apptest.Password, throttled)
			s.Clock.Advance(time.Millisecond)
			g.Must(username, apptest.Wrong, bad)
		}
		if got := s.Hasher.Computed() - hashed; got != 3 {
			t.Errorf("%s: %d passwords were compared, want 3", username, got)
		}
	}
}

// The counters are those of an unknown address, step by step and to the number.
func TestUnknownAddressesAreCountedLikeKnownOnes(t *testing.T) {
	counted := map[bool][][]domain.Counter{}
	calls := map[bool]int{}
	for known, username := range map[bool]string{true: apptest.Address(1), false: "nobody@example.test"} {
		s := apptest.Open(t, apptest.Person(1))
		store := &apptest.Faulty{Store: &s.Store, Calls: 1 << 30}
		s.Front = store
		account := domain.AccountKey(apptest.Id(1))
		if !known {
			account = domain.AccountKey(memory.Subjects{}.HashSubject(username))
		}
		for range 8 {
			s.At(apptest.Here, "x").Guess(username, apptest.Wrong)
			counters := s.Counters(account)
			for i := range counters {
				counters[i].Account = ""
			}
			counted[known] = append(counted[known], counters)
			s.Clock.Advance(time.Second)
		}
		calls[known] = 1<<30 - store.Calls
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
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	g := s.At(apptest.Here, "x")
	for range 3 {
		for range 5 {
			g.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		g.Must(apptest.Address(1), apptest.Wrong, domain.ErrThrottled)
		s.Clock.Advance(2 * time.Second)
		g.Must(apptest.Address(1), apptest.Password, nil)
	}
	if got := s.Counters(domain.AccountKey(apptest.Id(1))); len(got) != 1 || got[0].Kind != domain.NetworkCounter || got[0].Failures != 5 {
		t.Errorf("after a success there is %+v, want only the network's 5 failures from before the device was known", got)
	}
}

// A refresh is never refused, and resets nothing.
func TestRefreshingHasNoPartInIt(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	stranger := s.At(apptest.Here, "x")
	for range 5 {
		stranger.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	before := s.Counters(domain.AccountKey(apptest.Id(1)))
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	apptest.Execute(s, s.CurrentStaff(), apptest.Me(pair.Access))
	apptest.Execute(s, s.VerifyToken(), apptest.Verify(pair.Access))
	if after := s.Counters(domain.AccountKey(apptest.Id(1))); !reflect.DeepEqual(after, before) {
		t.Errorf("the counters have become %+v", after)
	}
	stranger.Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh))
}

// A right password that gets no tokens is a success all the same, an inactive account's is not.
func TestWhatCountsAsASuccess(t *testing.T) {
	for name, test := range map[string]struct {
		who      domain.Staff
		failures int
	}{
		"reset due": {apptest.Person(1, apptest.ResetDue), 0}, "inactive": {apptest.Person(1, apptest.Inactive), 5}, "left": {apptest.Person(1, apptest.Left), 5},
	} {
		s := apptest.Open(t, test.who)
		g := s.At(apptest.Here, "x")
		for range 4 {
			g.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		_, _ = s.ObtainTokens().Execute(t.Context(), g.Command(apptest.Address(1), apptest.Password))
		failures := 0
		for _, counter := range s.Counters(domain.AccountKey(apptest.Id(1))) {
			if counter.Kind == domain.AccountCounter {
				failures = counter.Failures
			}
		}
		if failures != test.failures {
			t.Errorf("%s: %d failures count, want %d", name, failures, test.failures)
		}
	}
}

// Guesses at the old password of a change count like guesses at a sign-in.
func TestChangesOfThePasswordCount(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.SkipAudit()
	change := apptest.ChangeAs(1, apptest.Wrong, apptest.NewPassword)
	change.Client.UserAgent = "x"
	for range 5 {
		apptest.Refuse(s, s.ChangePassword(), change, domain.ErrInvalidCredentials)
	}
	stranger := s.At(apptest.Here, "x")
	stranger.Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	change.OldPassword = domain.NewPassword(apptest.Password)
	apptest.Refuse(s, s.ChangePassword(), change, domain.ErrThrottled)
	last := s.LastEvent()
	if last.Kind != domain.EventSignIn || last.Outcome != domain.OutcomeBlocked || last.Reason != domain.ReasonThrottled || last.StaffID != apptest.Id(1) {
		t.Errorf("the last event is %+v, want the first refusal and no other", last)
	}
	s.Clock.Advance(2 * time.Second)
	change.Username, change.Access = "", pair.Access // the same account, by another name
	apptest.Execute(s, s.ChangePassword(), change)
	stranger.Must(apptest.Address(1), apptest.NewPassword, nil)
}

// An attempt that comes to nothing does not count, whatever it came to nothing by.
func TestWithdrawnAttempts(t *testing.T) {
	for name, spoil := range map[string]func(*apptest.Shop, context.CancelFunc){
		"overload": func(s *apptest.Shop, _ context.CancelFunc) { s.Hasher.Full = true },
		"client gone": func(s *apptest.Shop, cancel context.CancelFunc) {
			s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: cancel}
		},
		"store fails once": func(s *apptest.Shop, _ context.CancelFunc) { s.Front = &apptest.Faulty{Store: &s.Store, Calls: 16} },
	} {
		s := apptest.Open(t, apptest.Person(1))
		for range 4 {
			s.At(apptest.Here, "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		before := s.Counters(domain.AccountKey(apptest.Id(1)))
		for _, typed := range []string{apptest.Password, apptest.Wrong} {
			ctx, cancel := context.WithCancel(t.Context())
			s.Clock.Advance(time.Second)
			spoil(s, cancel)
			if _, err := s.ObtainTokens().Execute(ctx, s.At(apptest.Here, "x").Command(apptest.Address(1), typed)); err == nil || domain.IsRefusal(err) {
				t.Errorf("%s, %s: %v, want a failure", name, typed, err)
			}
			if after := s.Counters(domain.AccountKey(apptest.Id(1))); !reflect.DeepEqual(after, before) {
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
		s := apptest.Open(t, apptest.Person(1))
		g := s.At(apptest.Here, "x")
		if test.known {
			g = s.Owner(1, apptest.Here)
		}
		for range test.free {
			g.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
		}
		before := s.Hasher.Computed()
		release := make(chan struct{})
		s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() { <-release }}
		var all, refused sync.WaitGroup
		const callers = 200
		refused.Add(callers - test.want)
		for range callers {
			all.Go(func() {
				_, err := s.ObtainTokens().Execute(t.Context(), g.Command(apptest.Address(1), apptest.Wrong))
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
		if got := int(s.Hasher.Computed() - before); got != test.want {
			t.Errorf("%s: %d of %d guesses were compared, want %d", name, got, callers, test.want)
		}
	}
}

// A refusal that is not audited writes nothing, so a flood of passwords does not delay those who are signed
// in.
func TestRefusalsWriteNothing(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	guesser := s.At(apptest.Here, "x")
	for range 6 {
		guesser.Guess(apptest.Address(1), apptest.Wrong)
	}
	updates := 0
	s.Front = &apptest.Counted{Store: &s.Store, After: func(int) { updates++ }}
	for range 50 {
		guesser.Must(apptest.Address(1), apptest.Password, domain.ErrThrottled)
	}
	s.Clock.Advance(time.Hour)
	s.Hasher.Full = true
	for range 50 {
		guesser.Must(apptest.Address(1), apptest.Password, domain.ErrOverloaded)
	}
	if updates > 0 {
		t.Errorf("there were %d updates", updates)
	}
}

// Off means that nothing is counted.
func TestThrottlingOff(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.On = false
	for range 200 {
		s.At(apptest.Here, "x").Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	s.At(apptest.Here, "x").Must(apptest.Address(1), apptest.Password, nil)
	if got := s.Counters(domain.AccountKey(apptest.Id(1))); len(got) != 0 {
		t.Errorf("there is %+v", got)
	}
}
