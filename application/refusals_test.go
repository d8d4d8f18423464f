package application_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

// A presenter shows again and again what is refused each time, from an address.
type presenter func(from string) error

// refusedForGood are the ways to show something genuine that changes nothing and is refused.
func refusedForGood(s *shop) map[string]presenter {
	pair := s.signIn(1)
	s.clock.Advance(s.policy.SessionLifetime)
	s.plantLink(1, "a link")
	ctx := s.t.Context()
	client := func(from string) domain.Client { return s.at(from, "old app").client }
	return map[string]presenter{
		"refresh": func(from string) error {
			return failure(s.refreshAccess().Execute(ctx, application.RefreshAccessCommand{Token: pair.Refresh, Client: client(from)}))
		},
		"blacklist": func(from string) error {
			return failure(s.blacklistToken().Execute(ctx, application.BlacklistTokenCommand{Token: pair.Refresh, Client: client(from)}))
		},
		"change of the password": func(from string) error {
			return failure(s.changePassword().Execute(ctx, application.ChangePasswordCommand{Access: pair.Access, Client: client(from)}))
		},
		"link with a bad password": func(from string) error {
			cmd := confirm(1, "a link", "short")
			cmd.Client = client(from)
			return failure(s.confirmReset().Execute(ctx, cmd))
		},
	}
}

// eachRefusedForGood runs a test with each of them, in a shop of its own.
func eachRefusedForGood(t *testing.T, test func(t *testing.T, s *shop, present presenter)) {
	for name := range refusedForGood(open(t, person(1))) {
		t.Run(name, func(t *testing.T) {
			s := open(t, person(1))
			test(t, s, refusedForGood(s)[name])
		})
	}
}

// What is refused for good costs one write a minute, and the trail loses count of none.
func TestOldTokensDoNotGrowTheTrail(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *shop, present presenter) {
		store := &counting{Store: &s.store}
		s.front = store
		before := len(s.contents().events)
		for range 3 {
			for range 600 { // ten a second
				if err := present(here); !domain.IsRefusal(err) {
					t.Fatalf("it is not refused: %v", err)
				}
				s.clock.Advance(100 * time.Millisecond)
			}
		}
		_ = present(here)
		events := s.contents().events
		events = events[:len(events)-before]
		if len(events) != 4 || store.updates != 4 {
			t.Fatalf("1801 refusals have written %d events in %d updates, want the first and one a minute", len(events), store.updates)
		}
		for i, event := range events { // newest first
			text, told := string(event.Reason), strings.HasSuffix(string(event.Reason), ", 599 left out")
			if event.Outcome != domain.OutcomeFailure || told != (i < 3) || strings.Contains(text, "left out") != told {
				t.Errorf("event %d is %+v, want each but the first to tell of 599 that were left out", i, event)
			}
		}
	})
}

// Beyond a budget whoever goes on is told to wait for the rest of the minute.
func TestOldTokensAreThrottled(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *shop, present presenter) {
		var waits []time.Duration
		for range 40 {
			throttled, _ := errors.AsType[*domain.Throttled](present(here))
			if throttled != nil {
				waits = append(waits, throttled.RetryAfter)
			}
			s.clock.Advance(time.Second)
		}
		if len(waits) != 10 || waits[0] != 30*time.Second || waits[9] != 21*time.Second {
			t.Errorf("of 40 in 40 s these are told to wait: %v; want the last ten, for the rest of the minute", waits)
		}
		if err := present(elsewhere); errors.Is(err, domain.ErrThrottled) {
			t.Errorf("another network is told to wait: %v", err)
		}
		s.policy.Throttle.On = false
		if err := present(here); errors.Is(err, domain.ErrThrottled) {
			t.Errorf("without a throttle: %v", err)
		}
	})
}

// A good token is always answered, whatever was refused before of the same session from the
// same network.
func TestAGoodTokenIsAlwaysAnswered(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	for range 100 {
		_, _ = s.refreshAccess().Execute(t.Context(), refreshWith(pair.Access)) // of the wrong type
	}
	refuse(s, s.refreshAccess(), refreshWith(pair.Access), domain.ErrThrottled)
	s.skipAudit()
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	s.mustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: s.sessionOf(pair.Refresh).ID})
}

// A refusal that changes something is written, however many there were before.
func TestWhatEndsASessionIsWritten(t *testing.T) {
	s := open(t, person(1))
	s.policy.Rotation = domain.RotateAlways
	stolen := s.signIn(1)
	second := execute(s, s.refreshAccess(), refreshWith(stolen.Refresh))
	execute(s, s.refreshAccess(), refreshWith(second.Refresh))
	for range 100 {
		_, _ = s.refreshAccess().Execute(t.Context(), refreshWith(stolen.Access))
	}
	s.clock.Advance(30 * time.Second)
	refuse(s, s.refreshAccess(), refreshWith(stolen.Refresh), domain.ErrSessionEnded)
	if event := s.lastEvent(); event.Reason != domain.ReasonReplayed {
		t.Errorf("the event is %+v", event)
	}
	s.mustHaveEnded(stolen.Refresh, domain.EndReplayed)
}

// However many networks and sessions are used, an account's refusals have ten events a minute.
func TestOldTokensFromManyNetworks(t *testing.T) {
	eachRefusedForGood(t, func(t *testing.T, s *shop, present presenter) {
		before := len(s.contents().events)
		for minute := range 2 {
			for n := range 300 {
				_ = present(netip.AddrFrom4([4]byte{10, byte(minute), byte(n), 1}).String())
			}
			s.clock.Advance(time.Minute)
		}
		events := s.contents().events
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
	eachRefusedForGood(t, func(t *testing.T, s *shop, present presenter) {
		s.front = &unwritten{Store: &s.store}
		if err := present(here); !errors.Is(err, domain.ErrUnavailable) {
			t.Fatalf("a disk that is full: %v", err)
		}
		s.front = &s.store
		if err := present(here); !domain.IsRefusal(err) {
			t.Fatalf("it is not refused: %v", err)
		}
		if event := s.lastEvent(); !strings.HasSuffix(string(event.Reason), ", 1 left out") {
			t.Errorf("the event is %+v, want it to tell of the one that was not written", event)
		}
	})
}

// Who presents old tokens while the clock is put back is not quiet for longer than a minute or two.
func TestOldTokensWhenTheClockIsPutBack(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	execute(s, s.signOut(), signOutWith(pair.Refresh))
	s.clock.Advance(time.Hour)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.skipAudit()
	s.clock.Advance(-30 * time.Minute)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.mustAudit(domain.AuditEvent{
		Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: domain.ReasonSessionEnded, StaffID: id(1), Session: s.sessionOf(pair.Refresh).ID,
	})
}
