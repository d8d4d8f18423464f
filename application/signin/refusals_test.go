package signin_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// A presenter shows again and again what is refused each time, from an address.
type presenter func(from string) error

// refusedForGood are the ways to show something genuine that changes nothing and is refused.
func refusedForGood(s *apptest.Shop) map[string]presenter {
	pair := s.SignIn(1)
	s.Clock.Advance(s.Policy.SessionLifetime)
	s.PlantLink(1, "a link")
	ctx := s.T.Context()
	client := func(from string) domain.Client { return s.At(from, "old app").Client }
	return map[string]presenter{
		"refresh": func(from string) error {
			return apptest.Failure(s.RefreshAccess().Execute(ctx, signin.RefreshAccessCommand{Token: pair.Refresh, Client: client(from)}))
		},
		"blacklist": func(from string) error {
			return apptest.Failure(s.BlacklistToken().Execute(ctx, signin.BlacklistTokenCommand{Token: pair.Refresh, Client: client(from)}))
		},
		"change of the password": func(from string) error {
			return apptest.Failure(s.ChangePassword().Execute(ctx, credentials.ChangePasswordCommand{Access: pair.Access, Client: client(from)}))
		},
		"link with a bad password": func(from string) error {
			cmd := apptest.Confirm(1, "a link", "short")
			cmd.Client = client(from)
			return apptest.Failure(s.ConfirmPasswordReset().Execute(ctx, cmd))
		},
	}
}

// eachRefusedForGood runs a test with each of them, in a shop of its own.
func eachRefusedForGood(t *testing.T, test func(t *testing.T, s *apptest.Shop, present presenter)) {
	for name := range refusedForGood(apptest.Open(t, apptest.Person(1))) {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			test(t, s, refusedForGood(s)[name])
		})
	}
}

// What is refused for good costs one write a minute, and the trail loses count of none.
func TestOldTokensDoNotGrowTheTrail(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *apptest.Shop, present presenter) {
		store := &apptest.Counting{Store: &s.Store}
		s.Front = store
		before := len(s.Contents().Events)
		for range 3 {
			for range 600 { // ten a second
				if err := present(apptest.Here); !domain.IsRefusal(err) {
					t.Fatalf("it is not refused: %v", err)
				}
				s.Clock.Advance(100 * time.Millisecond)
			}
		}
		_ = present(apptest.Here)
		events := s.Contents().Events
		events = events[:len(events)-before]
		if len(events) != 4 || store.Updates != 4 {
			t.Fatalf("1801 refusals have written %d events in %d updates, want the first and one a minute", len(events), store.Updates)
		}
		for i, event := range events { // newest first
			text, told := string(event.Reason), strings.HasSuffix(string(event.Reason), ", 599 left out")
			if event.Outcome != domain.OutcomeFailure || told != (i < 3) || strings.Contains(text, "left out") != told {
				t.Errorf("event %d is %+v, want each but the first to tell of 599 that were left out", i, event)
			}
		}
	})
}

// Beyond the budget the client is told to wait for the rest of the minute.
func TestOldTokensAreThrottled(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *apptest.Shop, present presenter) {
		var waits []time.Duration
		for range 40 {
			throttled, _ := errors.AsType[*domain.Throttled](present(apptest.Here))
			if throttled != nil {
				waits = append(waits, throttled.RetryAfter)
			}
			s.Clock.Advance(time.Second)
		}
		if len(waits) != 10 || waits[0] != 30*time.Second || waits[9] != 21*time.Second {
			t.Errorf("of 40 in 40 s these are told to wait: %v; want the last ten, for the rest of the minute", waits)
		}
		if err := present(apptest.Elsewhere); errors.Is(err, domain.ErrThrottled) {
			t.Errorf("another network is told to wait: %v", err)
		}
		s.Policy.Throttle.On = false
		if err := present(apptest.Here); errors.Is(err, domain.ErrThrottled) {
			t.Errorf("without a throttle: %v", err)
		}
	})
}

// A good token is always answered, whatever was refused before of the same session from the
// same network.
func TestAGoodTokenIsAlwaysAnswered(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	for range 100 {
		_, _ = s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(pair.Access)) // of the wrong type
	}
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Access), domain.ErrThrottled)
	s.SkipAudit()
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: s.SessionOf(pair.Refresh).ID})
}

// A refusal that changes something is written, however many there were before.
func TestWhatEndsASessionIsWritten(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Rotation = domain.RotateAlways
	stolen := s.SignIn(1)
	second := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(stolen.Refresh))
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(second.Refresh))
	for range 100 {
		_, _ = s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(stolen.Access))
	}
	s.Clock.Advance(30 * time.Second)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(stolen.Refresh), domain.ErrSessionEnded)
	if event := s.LastEvent(); event.Reason != domain.ReasonReplayed {
		t.Errorf("the event is %+v", event)
	}
	s.MustHaveEnded(stolen.Refresh, domain.EndReplayed)
}

// However many networks and sessions are used, an account's refusals have ten events a minute.
func TestOldTokensFromManyNetworks(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *apptest.Shop, present presenter) {
		before := len(s.Contents().Events)
		for minute := range 2 {
			for n := range 300 {
				_ = present(netip.AddrFrom4([4]byte{10, byte(minute), byte(n), 1}).String())
			}
			s.Clock.Advance(time.Minute)
		}
		events := s.Contents().Events
		events = events[:len(events)-before]
		told := 0
		for _, event := range events {
			var n int
			if _, text, found := strings.Cut(string(event.Reason), ", "); found {
				if _, err := fmt.Sscanf(text, "%d left out", &n); err != nil {
					t.Errorf("the reason is %q", event.Reason)
				}
			}
			told += n
		}
		if len(events) != 20 || told != 290 {
			t.Errorf("%d events tell of %d that were left out, want 20 and 290", len(events), told)
		}
	})
}

// What could not be written was not told: the next event counts it.
func TestARefusalThatCouldNotBeWritten(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *apptest.Shop, present presenter) {
		s.Front = &apptest.Unwritten{Store: &s.Store}
		if err := present(apptest.Here); !errors.Is(err, domain.ErrUnavailable) {
			t.Fatalf("a disk that is full: %v", err)
		}
		s.Front = &s.Store
		if err := present(apptest.Here); !domain.IsRefusal(err) {
			t.Fatalf("it is not refused: %v", err)
		}
		if event := s.LastEvent(); !strings.HasSuffix(string(event.Reason), ", 1 left out") {
			t.Errorf("the event is %+v, want it to tell of the one that was not written", event)
		}
	})
}

// Who presents old tokens while the clock is put back is not quiet for longer than a minute or two.
func TestOldTokensWhenTheClockIsPutBack(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh))
	s.Clock.Advance(time.Hour)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.SkipAudit()
	s.Clock.Advance(-30 * time.Minute)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.MustAudit(domain.AuditEvent{
		Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: domain.ReasonSessionEnded, StaffID: apptest.Id(1), Session: s.SessionOf(pair.Refresh).ID,
	})
}
