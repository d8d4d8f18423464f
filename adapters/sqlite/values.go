package sqlite

import (
	"net/netip"
	"time"

	"gatehouse/domain"
)

// millis is how a time is stored: NULL for none.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// A storedTime reads what millis has stored.
type storedTime struct{ time.Time }

// Scan implements [sql.Scanner].
func (t *storedTime) Scan(value any) error {
	t.Time = time.Time{}
	if ms, ok := value.(int64); ok {
		t.Time = time.UnixMilli(ms).UTC()
	}
	return nil
}

// nullable is how a text is stored of which the empty one means none.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// storedDate reads a date that only this package has written.
func storedDate(text string) domain.Date {
	date, err := domain.ParseDate(text)
	if err != nil {
		return domain.Date{}
	}
	return date
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func storedAddress(text string) netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return a
}

// storedSeal is a seal of zeros, which none is, if the length is wrong.
func storedSeal(stored []byte) (seal domain.Seal) {
	if len(stored) == len(seal) {
		copy(seal[:], stored)
	}
	return seal
}
