package housekeeping_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/adapters/housekeeping"
	"gatehouse/domain"
)

// told runs a house whose readiness is as minutes says, the n-th minute being n, and returns what the
// log says and when.
func told(t *testing.T, long time.Duration, minutes func(n int) (domain.Room, error)) (lines []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		h := &house{ready: func() (domain.Room, error) { return minutes(int(time.Since(begin) / time.Minute)) }}
		for _, entry := range h.keep(t, long) {
			fields := entry.ContextMap()
			lines = append(lines, fmt.Sprint(int(entry.Time.Sub(begin)/time.Minute), " ", entry.Level, " ", entry.Message, " ", fields["free_mb"], " ", fields["error"]))
		}
	})
	return lines
}

// The clock that is injected says when an hour is over, and not that of the machine.
func TestTheLogGoesByTheInjectedClock(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		clock func(asked int) time.Time
		want  int // lines in ten minutes
	}{
		"stands still":    {func(int) time.Time { return noon }, 1},
		"is in a hurry":   {func(asked int) time.Time { return noon.Add(time.Duration(asked) * housekeeping.ToldAgain) }, 11},
		"was put back":    {func(asked int) time.Time { return noon.Add(-time.Duration(asked/6) * 24 * time.Hour) }, 2},
		"is nearly there": {func(asked int) time.Time { return noon.Add(time.Duration(asked/10) * (housekeeping.ToldAgain - 1)) }, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			h := &house{
				ready: func() (domain.Room, error) { return 0, errors.New("disk full") },
				clock: func() time.Time { asked++; return c.clock(asked - 1) },
			}
			if got := len(h.keep(t, 10*housekeeping.LookEvery+time.Second)); got != c.want {
				t.Errorf("%s: %d lines, want %d", name, got, c.want)
			}
		})
	}
}

func TestTheLogTellsOfReadiness(t *testing.T) {
	const short, ample, short800 = 999_000_000, domain.RoomUnknown, 800_000_000
	for name, c := range map[string]struct {
		minutes func(n int) (domain.Room, error)
		want    []string
	}{
		"well": {func(int) (domain.Room, error) { return ample, nil }, nil},
		"short, for two hours": {func(n int) (domain.Room, error) {
			if n >= 125 {
				return ample, nil
			}
			return short, nil
		}, []string{
			"0 warn room is getting short where the data folder is: make room 999 <nil>",
			"60 warn room is getting short where the data folder is: make room 999 <nil>",
			"120 warn room is getting short where the data folder is: make room 999 <nil>",
			"125 info there is room enough again <nil> <nil>",
		}},
		"to and fro": {func(n int) (domain.Room, error) {
			if n%2 == 0 {
				return ample, nil
			}
			return short800, nil
		}, []string{
			"1 warn room is getting short where the data folder is: make room 800 <nil>",
			"2 info there is room enough again <nil> <nil>",
			"61 warn room is getting short where the data folder is: make room 800 <nil>",
			"62 info there is room enough again <nil> <nil>",
			"121 warn room is getting short where the data folder is: make room 800 <nil>",
			"122 info there is room enough again <nil> <nil>",
		}},
		"not ready, then short": {func(n int) (domain.Room, error) {
			switch {
			case n < 3:
				return 0, errors.New("disk full")
			case n < 5:
				return short, nil
			}
			return ample, nil
		}, []string{
			"0 error the service is not ready <nil> disk full",
			"3 info the service is ready again <nil> <nil>",
			"3 warn room is getting short where the data folder is: make room 999 <nil>",
			"5 info there is room enough again <nil> <nil>",
		}},
		"out of luck": {func(n int) (domain.Room, error) {
			if n == 1 {
				panic("out of luck")
			}
			return ample, nil
		}, []string{
			"1 error the service is not ready <nil> panic: out of luck",
			"2 info the service is ready again <nil> <nil>",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(t, 130*housekeeping.LookEvery, c.minutes); !slices.Equal(got, c.want) {
				t.Errorf("logged is\n%q, want\n%q", got, c.want)
			}
		})
	}
}
