package domain_test

import (
	"testing"
	"time"

	"gatehouse/ports/porttest"
)

func TestToday(t *testing.T) {
	policy := porttest.Policy() // 13 hours ahead of UTC
	for at, want := range map[string]string{
		"2026-12-31T10:59:59.999Z":  "2026-12-31",
		"2026-12-31T11:00:00Z":      "2027-01-01",
		"2026-12-31T00:00:00-12:00": "2027-01-01",
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := policy.Today(now).String(); got != want {
			t.Errorf("at %s the day in the shop is %s, want %s", at, got, want)
		}
	}
}
