package domain_test

import (
	"errors"
	"testing"

	"gatehouse/domain"
)

func TestRoom(t *testing.T) {
	for _, test := range []struct {
		room         domain.Room
		ready, short bool
	}{
		{0, false, true},
		{63_999_999, false, true},
		{64_000_000, true, true},
		{999_999_999, true, true},
		{1_000_000_000, true, false},
		{domain.RoomUnknown, true, false},
	} {
		err := test.room.Check()
		if (err == nil) != test.ready || err != nil && !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("with %d bytes free: %v, want to be ready: %t", test.room, err, test.ready)
		}
		if got := test.room.Short(); got != test.short {
			t.Errorf("%d bytes are short: %t, want %t", test.room, got, test.short)
		}
	}
}
