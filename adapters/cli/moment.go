package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// A moment is a time as an operator writes it: a day or a time on the clock in the shop,
// which mean something in a zone only, or an instant. The zero moment is none.
type moment struct {
	time time.Time // of a day and on the clock in UTC: the numbers count, not the zone
	form momentForm
}

type momentForm int

const (
	momentInstant momentForm = iota
	momentDay
	momentOnClock
)

var momentForms = []struct {
	layout string
	form   momentForm
}{
	{time.DateOnly, momentDay},
	{"2006-01-02 15:04", momentOnClock},
	{time.DateTime, momentOnClock},
	{time.RFC3339, momentInstant},
}

func (m *moment) set(text string) error {
	for _, try := range momentForms {
		if t, err := time.Parse(try.layout, text); err == nil {
			*m = moment{t, try.form}
			return nil
		}
	}
	return errors.New(`write it as 2026-03-02, "2026-03-02 15:04" or 2026-03-02T15:04:05+13:00`)
}

// first is the moment, of a day the first; no moment is the zero time.
func (m moment) first(zone *time.Location) time.Time {
	if m.form == momentInstant {
		return m.time
	}
	first, _ := onClock(m.time, zone)
	return first
}

// end is the moment, of a day the first of the next; no moment is the zero time.
func (m moment) end(zone *time.Location) time.Time {
	switch m.form {
	case momentDay:
		return startOfDay(m.time.AddDate(0, 0, 1), zone)
	case momentOnClock:
		_, last := onClock(m.time, zone)
		return last
	}
	return m.time
}

// startOfDay is the first instant in zone of the day whose numbers day shows. It is not
// midnight where clocks are put forward at midnight.
func startOfDay(day time.Time, zone *time.Location) time.Time {
	first, _ := onClock(day.Truncate(24*time.Hour), zone)
	return first
}

// onClock returns the first and the last instant at which a clock in zone shows what shown, a
// time in UTC, does. They differ where clocks are put back. What they skip when they are put
// forward stands for the instant of that.
func onClock(shown time.Time, zone *time.Location) (first, last time.Time) {
	const aDay = 24 * time.Hour // clocks change once at most from a day before to a day after
	first, last = onClockOf(shown.Add(-aDay), shown, zone), onClockOf(shown.Add(aDay), shown, zone)
	switch early, late := sameClock(first, shown), sameClock(last, shown); {
	case early && late:
		return first, last
	case early:
		return first, first
	case late:
		return last, last
	}
	change, _ := first.ZoneBounds() // the clock as it was before runs behind: this is after the change
	return change, change
}

// onClockOf is when a clock that runs in zone as it did at an instant shows what shown does.
func onClockOf(at, shown time.Time, zone *time.Location) time.Time {
	_, offset := at.In(zone).Zone()
	return shown.Add(-time.Duration(offset) * time.Second).In(zone)
}

func sameClock(t, shown time.Time) bool {
	return t.Format(time.DateTime) == shown.Format(time.DateTime)
}

// An age is a time span as an operator writes it: a number of days or of hours.
type age time.Duration

// maxAge keeps every date that is computed from an age within reason.
const maxAge = 100 * 365 * 24 * time.Hour

func (a *age) set(text string) error {
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour} {
		number, found := strings.CutSuffix(text, suffix)
		n, err := strconv.ParseUint(number, 10, 32)
		if found && err == nil && n > 0 && n <= uint64(maxAge/unit) {
			*a = age(time.Duration(n) * unit)
			return nil
		}
	}
	return errors.New("write it as 365d or 12h, from 1 h to 100 years")
}
