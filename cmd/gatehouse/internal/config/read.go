package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gatehouse/domain"
)

// into reads a value into a field. Only an option without a default can be empty; its field then has
// the zero value, and no reader is asked.
func into[T any](field *T, read func(string) (T, error)) func(string) error {
	return func(value string) error {
		if value == "" {
			*field = *new(T)
			return nil
		}
		content, err := read(value)
		if err == nil {
			*field = content
		}
		return err
	}
}

func text(value string) (string, error) { return value, nil }

func secret(value string) (domain.Secret, error) { return domain.NewSecret(value), nil }

func boolean(value string) (bool, error) {
	switch value {
	case "True", "true", "1":
		return true, nil
	case "False", "false", "0":
		return false, nil
	}
	return false, errors.New("is neither true nor false")
}

// either reads one of two words; the first is true.
func either(yes, no string) func(string) (bool, error) {
	return func(value string) (bool, error) {
		if value != yes && value != no {
			return false, fmt.Errorf("must be %s or %s", yes, no)
		}
		return value == yes, nil
	}
}

func oneOf(words ...string) func(string) (string, error) {
	return func(value string) (string, error) {
		if !slices.Contains(words, value) {
			return "", errors.New("must be one of " + strings.Join(words, ", "))
		}
		return value, nil
	}
}

func number(least, most int) func(string) (int, error) {
	return func(value string) (int, error) {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("is not a number from %d to %d", least, most)
		}
		return n, nil
	}
}

// between reads a duration that has limits. The problem says which, and what to do.
func between(least, most time.Duration, problem string) func(string) (time.Duration, error) {
	return func(value string) (time.Duration, error) {
		d, err := duration(value)
		if err == nil && (d < least || d > most) {
			err = errors.New(problem)
		}
		return d, err
	}
}

// orOff reads a duration, or the word off as none.
func orOff(read func(string) (time.Duration, error)) func(string) (time.Duration, error) {
	return func(value string) (time.Duration, error) {
		if value == "off" {
			return 0, nil
		}
		return read(value)
	}
}

// listOf reads items that commas or white space separate.
func listOf[T any](item func(string) (T, error)) func(string) ([]T, error) {
	return func(value string) (all []T, err error) {
		for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(", \t\n", r) }) {
			one, err := item(part)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
}

// longestGrace is how long a stolen refresh token may pass for a lost reply.
const longestGrace = 5 * time.Minute

// leastMinLength is the floor of NIST SP 800-63B-4 for any password.
const leastMinLength = 8

func operator(value string) (string, error) {
	if len(value) > domain.MaxOperatorLength {
		return "", fmt.Errorf("is too long: give a name of %d bytes at most", domain.MaxOperatorLength)
	}
	return value, nil
}

func rotation(value string) (domain.Rotation, error) {
	if value == "auto" {
		return domain.RotateCookies, nil
	}
	always, err := boolean(value)
	switch {
	case err != nil:
		return "", errors.New("must be auto, true or false")
	case always:
		return domain.RotateAlways, nil
	}
	return domain.RotateNever, nil
}

func moment(value string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return at, errors.New("is not a time: write 2026-12-31T00:00:00Z")
	}
	return at, nil
}

func timeZone(value string) (*time.Location, error) {
	zone, err := time.LoadLocation(value)
	if err != nil || value == "Local" {
		return nil, errors.New("is not a time zone: write Pacific/Auckland")
	}
	return zone, nil
}

// maxShopName is how long a name may be, in characters, and still fit on a phone.
const maxShopName = 60

func shopName(value string) (string, error) {
	if _, err := lineOfText(value); err != nil || strings.TrimSpace(value) == "" || utf8.RuneCountInString(value) > maxShopName {
		return "", fmt.Errorf("is not a name of at most %d characters", maxShopName)
	}
	return value, nil
}

func lineOfText(value string) (string, error) {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return "", errors.New("is not text of one line: write [Shop]")
	}
	return value, nil
}
