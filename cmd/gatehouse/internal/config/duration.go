package config

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var errDuration = errors.New("is not a duration: write 15m, 30d, PT15M, a number of seconds, or Django's 1 00:00:00")

// The ways in which people write durations: ISO 8601 without years and months, and what
// Django's settings and Python print.
var (
	isoDuration    = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
	djangoDuration = regexp.MustCompile(`^(?:(\d+)(?: days?,)? )?(\d{1,2}):(\d{2}):(\d{2})$`)
	daysDuration   = regexp.MustCompile(`^(\d+)d(.*)$`)
	plainSeconds   = regexp.MustCompile(`^\d+$`)
)

// longest keeps every sum of durations and dates far from overflow.
const longest = 100 * 365 * day

const day = 24 * time.Hour

// duration reads any of these forms. A duration is never negative.
func duration(text string) (time.Duration, error) {
	d, err := durationIn(text)
	if err != nil || d < 0 || d > longest {
		return 0, errDuration
	}
	return d, nil
}

func durationIn(text string) (time.Duration, error) {
	if plainSeconds.MatchString(text) {
		return units([]string{text}, time.Second)
	}
	if parts := isoDuration.FindStringSubmatch(text); parts != nil && !strings.HasSuffix(text, "P") && !strings.HasSuffix(text, "T") {
		return units(parts[1:], day, time.Hour, time.Minute, time.Second)
	}
	if parts := djangoDuration.FindStringSubmatch(text); parts != nil {
		return units(parts[1:], day, time.Hour, time.Minute, time.Second)
	}
	if parts := daysDuration.FindStringSubmatch(text); parts != nil {
		days, err := units(parts[1:2], day)
		if err != nil || parts[2] == "" {
			return days, err
		}
		rest, err := time.ParseDuration(parts[2])
		if rest < 0 {
			return 0, errDuration
		}
		return days + rest, err
	}
	return time.ParseDuration(text)
}

// shown writes a duration for people, whatever form it was given in: 15m and not 15m0s.
func shown(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// units adds up numbers, each times its unit; an empty number counts nothing.
func units(numbers []string, each ...time.Duration) (sum time.Duration, err error) {
	for i, text := range numbers {
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > int64(longest/each[i]) {
			return 0, errDuration
		}
		sum += time.Duration(n) * each[i]
	}
	return sum, nil
}
