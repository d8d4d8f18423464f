package cli

import (
	"errors"
	"time"

	"gatehouse/domain"
)

// A moment is a time as an operator writes it: a day or a time on the clock in the shop,
// which mean something in a zone only, or an instant. The zero moment is none.
type moment struct {
	time time.Time // of a day and on the clock the numbers count, not the zone
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
	switch m.form {
	case momentDay:
		return startOfDay(m.time, zone)
	case momentOnClock:
		year, month, date := m.time.Date()
		hour, minute, second := m.time.Clock()
		return time.Date(year, month, date, hour, minute, second, 0, zone)
	}
	return m.time
}

// end is the moment, of a day the first of the next; no moment is the zero time.
func (m moment) end(zone *time.Location) time.Time {
	if m.form == momentDay {
		m.time = m.time.AddDate(0, 0, 1)
	}
	return m.first(zone)
}

// startOfDay is the first instant in zone of the day whose numbers day shows. It is not
// midnight where clocks are put forward at midnight.
func startOfDay(day time.Time, zone *time.Location) time.Time {
	year, month, date := day.Date()
	start := time.Date(year, month, date, 0, 0, 0, 0, zone)
	if domain.DateAt(day, day.Location()).After(domain.DateAt(start, zone)) {
		_, start = start.ZoneBounds()
	}
	return start
}
