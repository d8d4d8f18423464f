package cli_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// If the shop's clock shows a time twice, --since takes the first and --until the second. If the
// clock skips a time, both take the moment at which it was put forward. So no event is left out.
func TestAuditWhenTheClockChanges(t *testing.T) {
	for place, c := range map[string]struct{ asked, before, first, last, after string }{
		"Pacific/Auckland": {
			"2026-04-05 02:30", "2026-04-04T13:29:59Z", "2026-04-04T13:30:00Z", "2026-04-04T14:29:59Z", "2026-04-04T14:30:00Z",
		},
		"America/New_York": {
			"2026-11-01 01:30", "2026-11-01T05:29:59Z", "2026-11-01T05:30:00Z", "2026-11-01T06:29:59Z", "2026-11-01T06:30:00Z",
		},
		"Australia/Lord_Howe": { // by half an hour
			"2026-04-05 01:45", "2026-04-04T14:44:59Z", "2026-04-04T14:45:00Z", "2026-04-04T15:14:59Z", "2026-04-04T15:15:00Z",
		},
	} {
		t.Run(place, func(t *testing.T) {
			s := happening(t, place, c.before, c.first, c.last, c.after)
			sequences(t, s, []int{4, 3, 2}, "--since", c.asked)
			sequences(t, s, []int{3, 2, 1}, "--until", c.asked)
		})
	}
	for place, c := range map[string]struct{ asked, before, change string }{
		"Europe/Berlin":    {"2026-03-29 02:30", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"},
		"America/New_York": {"2026-03-08 02:30", "2026-03-08T06:59:59Z", "2026-03-08T07:00:00Z"},
	} {
		t.Run(place+" forward", func(t *testing.T) {
			s := happening(t, place, c.before, c.change)
			sequences(t, s, []int{2}, "--since", c.asked)
			sequences(t, s, []int{1}, "--until", c.asked)
		})
	}
}

func TestAuditDayWithoutMidnight(t *testing.T) {
	s := happening(t, "America/Santiago", "2024-09-08T03:59:59Z", "2024-09-08T04:00:00Z") // it begins at 01:00
	sequences(t, s, []int{2}, "--since", "2024-09-08")
	sequences(t, s, []int{1}, "--until", "2024-09-07")
}

// A day may begin twice, as it did in Jordan until 2021.
func TestAuditDayWithTwoMidnights(t *testing.T) {
	s := happening(t, "Asia/Amman", "2021-10-28T20:59:59Z", "2021-10-28T21:00:00Z")
	sequences(t, s, []int{2}, "--since", "2021-10-29")
	sequences(t, s, []int{1}, "--until", "2021-10-28")
}

// happening is a shop in a place, with an event at each instant.
func happening(t *testing.T, place string, instants ...string) *shop {
	t.Helper()
	s := newShop()
	s.policy.TimeZone = zone(t, place)
	for _, text := range instants {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		s.update(t, func(r ports.Records) error { return r.Audit().Append(domain.AuditEvent{At: at}) })
	}
	return s
}
