package config

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"15m": 15 * time.Minute, "30d": 30 * day, "8h": 8 * time.Hour, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute,
		"2d12h": 60 * time.Hour, "0d": 0, "250ms": 250 * time.Millisecond,
		"PT15M": 15 * time.Minute, "P1D": day, "P1DT2H": 26 * time.Hour, "PT1H30M5S": 5405 * time.Second, "PT0S": 0,
		"900": 15 * time.Minute, "0": 0, "2592000": 30 * day, "007": 7 * time.Second,
		"1 00:00:00": day, "00:15:00": 15 * time.Minute, "0:15:00": 15 * time.Minute, "90 01:02:03": 90*day + 3723*time.Second,
		"1 day, 0:00:00": day, "30 days, 0:00:00": 30 * day, "2 days, 3:04:05": 2*day + 11045*time.Second,
		"36500d": 36500 * day, "3153600000": 36500 * day,
	} {
		if got, err := duration(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseDurationRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "-15m", "-1", "-1 day, 23:00:00", "-1 00:00:00", "P-1D", "-P1D", "1d-48h", "1d-12h",
		"36501d", "3153600001", "9999999999999999999", "99999999999999999999999999", "999999999h", "P99999999999D",
		"PT99999999999999999999S", "106752d", "36500 00:00:01", "9223372036854775807 00:00:00", "36500d1s",
		"213504d", "P213504D", "213504 00:00:00", "18446744074", // in 64 bits these come round to little
		"P", "PT", "P1DT", "P1Y", "P1M", "P1W", "PT1.5H", "p1d",
		"15 m", " 15m", "15m ", "15m\n", "m", "d", "1d1", "1dd", "fifteen", "1e3", "0x10", "١٥m", "15M", "1w", "1y",
		"1:00", "00:00", "1 1:1:1", "1 day", "1 day 0:00:00:00", "days, 0:00:00", "1.5", "inf", "NaN", "1h-", "True",
	} {
		if got, err := duration(text); err != errDuration || got != 0 {
			t.Errorf("%q is %v, %v; want a refusal", text, got, err)
		}
	}
}
