package config

import (
	"errors"
	"fmt"
	"gatehouse/domain"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

func setOperator(s *Settings, value string) error {
	if len(value) > domain.MaxOperatorLength {
		return fmt.Errorf("give a name of %d bytes at most", domain.MaxOperatorLength)
	}
	s.Operator = value
	return nil
}

func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, value string) error { *field(s) = value; return nil }
}

func secret(field func(*Settings) *domain.Secret) func(*Settings, string) error {
	return func(s *Settings, value string) error { *field(s) = domain.NewSecret(value); return nil }
}

func boolean(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		switch value {
		case "True", "true", "1":
			*field(s) = true
		case "False", "false", "0":
			*field(s) = false
		default:
			return errors.New("is neither true nor false")
		}
		return nil
	}
}

func duration(field func(*Settings) *time.Duration) func(*Settings, string) error {
	return func(s *Settings, value string) (err error) {
		*field(s), err = parseDuration(value)
		return err
	}
}

func number(field func(*Settings) *int, least, most int) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			return fmt.Errorf("is not a number from %d to %d", least, most)
		}
		*field(s) = n
		return nil
	}
}

func oneOf(field func(*Settings) *string, values ...string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		if value != "" && !slices.Contains(values, value) {
			return errors.New("must be one of " + strings.Join(values, ", "))
		}
		*field(s) = value
		return nil
	}
}

func setAcceptDjangoTokensUntil(s *Settings, value string) (err error) {
	if value == "" {
		return nil
	}
	if s.Policy.AcceptDjangoTokensUntil, err = time.Parse(time.RFC3339, value); err != nil {
		return errors.New("is not a time: write 2026-12-31T00:00:00Z")
	}
	return nil
}

func setIdleLifetime(s *Settings, value string) error {
	if value == "off" {
		return nil
	}
	return duration(func(s *Settings) *time.Duration { return &s.Policy.IdleLifetime })(s, value)
}

func setRotation(s *Settings, value string) error {
	switch value {
	case "auto":
		s.Policy.Rotation = domain.RotateCookies
	case "True", "true", "1":
		s.Policy.Rotation = domain.RotateAlways
	case "False", "false", "0":
		s.Policy.Rotation = domain.RotateNever
	default:
		return errors.New("must be auto, true or false")
	}
	return nil
}

const longestGrace = 5 * time.Minute

func setRefreshGrace(s *Settings, value string) error {
	grace, err := parseDuration(value)
	if err == nil && grace > longestGrace {
		err = errors.New("must be 5m at most: within it a stolen token passes for a lost reply")
	}
	s.Policy.RefreshGrace = grace
	return err
}

func setEnforcement(s *Settings, value string) error {
	if value != "block" && value != "warn" {
		return errors.New("must be block or warn")
	}
	s.Policy.EnforcePasswordReset = value == "block"
	return nil
}

// leastMinLength is the floor of NIST SP 800-63B-4 for any password.
const leastMinLength = 8

func setMinLength(s *Settings, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < leastMinLength || n > 128 {
		return fmt.Errorf("is not a number from %d to 128", leastMinLength)
	}
	s.Policy.PasswordMinLength = n
	return nil
}

func setThrottle(s *Settings, value string) error {
	if value != "on" && value != "off" {
		return errors.New("must be on or off")
	}
	s.Policy.Throttle.On = value == "on"
	return nil
}

func setAuditRetention(s *Settings, value string) error {
	if value == "off" {
		return nil
	}
	retention, err := parseDuration(value)
	if err == nil && retention < day {
		err = errors.New("must be 1d at least, or off to keep everything")
	}
	s.Policy.AuditRetention = retention
	return err
}

func setTimeZone(s *Settings, value string) error {
	zone, err := time.LoadLocation(value)
	if err != nil || value == "" || value == "Local" {
		return errors.New("is not a time zone: write Pacific/Auckland")
	}
	s.Policy.TimeZone = zone
	return nil
}

// list splits at commas and white space, and drops what is empty.
func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}

// maxShopName is how long a name may be, in characters, and still fit on a phone.
const maxShopName = 60

func setShopName(s *Settings, value string) error {
	blank := value != "" && strings.TrimSpace(value) == ""
	if blank || !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxShopName || strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("is not a name of at most %d characters", maxShopName)
	}
	s.Pages.ShopName = value
	return nil
}
