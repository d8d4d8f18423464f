package domain

import (
	"fmt"
	"time"
)

// A Date is a calendar day without a time zone. The zero Date means "no date".
type Date struct {
	year  int
	month time.Month
	day   int
}

// DateAt returns the day that a clock on the wall in zone shows at the instant t.
func DateAt(t time.Time, zone *time.Location) Date {
	year, month, day := t.In(zone).Date()
	return Date{year, month, day}
}

// ParseDate reads the form 2026-12-24. The error says what is expected.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date: write it as 2026-12-24", text)
	}
	return DateAt(t, time.UTC), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.number() > other.number() }

// String returns the form 2026-12-24, and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

func (d Date) number() int { return (d.year*100+int(d.month))*100 + d.day }
