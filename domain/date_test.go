package domain_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

// date reads a date that the test has spelled right.
func date(text string) domain.Date {
	d, err := domain.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestParseDate(t *testing.T) {
	for _, text := range []string{"2026-12-24", "2024-02-29", "0001-01-01", "9999-12-31"} {
		got, err := domain.ParseDate(text)
		if err != nil || got.String() != text || got.IsZero() {
			t.Errorf("ParseDate(%q) is %v, %v; want the same day", text, got, err)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "2026-2-3", "24.12.2026", "2026-12-24 ", " 2026-12-24", "2026-12-24T00:00:00Z", "20261224",
		"2026-02-29", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-00", "-001-01-01", "12026-01-01", "٢٠٢٦-١٢-٢٤",
	} {
		got, err := domain.ParseDate(text)
		switch {
		case err == nil:
			t.Errorf("ParseDate(%q) is %v, want an error", text, got)
		case !strings.Contains(err.Error(), "2026-12-24"):
			t.Errorf("ParseDate(%q): %q, want it to show the form", text, err)
		case !got.IsZero():
			t.Errorf("ParseDate(%q) is %v beside its error, want no date", text, got)
		}
	}
}

func TestNoDate(t *testing.T) {
	var none domain.Date
	if !none.IsZero() || none.String() != "" {
		t.Errorf("the zero Date is %q, IsZero %t; want no date", none, none.IsZero())
	}
}

func TestDateAfter(t *testing.T) {
	days := []domain.Date{
		{}, date("2025-12-31"), date("2026-01-01"), date("2026-01-31"), date("2026-02-01"), date("2026-11-01"), date("2027-01-01"),
	}
	for i, a := range days {
		for j, b := range days {
			if got, want := a.After(b), i > j; got != want {
				t.Errorf("%q is after %q: %t, want %t", a, b, got, want)
			}
		}
	}
}

func TestDateAt(t *testing.T) {
	at := time.Date(2026, time.March, 2, 11, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		hours int
		want  string
	}{
		{-12, "2026-03-01"}, {-11, "2026-03-02"}, {0, "2026-03-02"}, {12, "2026-03-02"}, {13, "2026-03-03"},
	} {
		zone := time.FixedZone("there", test.hours*60*60)
		for _, now := range []time.Time{at, at.In(zone), at.In(time.FixedZone("elsewhere", -5*60*60))} {
			if got := domain.DateAt(now, zone).String(); got != test.want {
				t.Errorf("the day at UTC%+d is %s, want %s", test.hours, got, test.want)
			}
		}
	}
}
