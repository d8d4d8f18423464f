package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

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
