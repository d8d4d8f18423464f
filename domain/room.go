package domain

import (
	"fmt"
	"math"
)

// A Room is how many bytes more can be written where the store is, by the service's own account.
type Room int64

// RoomUnknown is the room of a store that does not say how much it has.
const RoomUnknown Room = math.MaxInt64

const (
	megabyte = 1_000_000
	// leastRoomMB is how much must be free for the service to be ready. A write-ahead log, a
	// checkpoint and the next hours fit into it. So somebody can act before writes are refused.
	leastRoomMB = 64
	// Below ampleRoomMB the log warns.
	ampleRoomMB = 1000
)

// MB is the room in whole megabytes of a million bytes.
func (r Room) MB() int64 { return int64(r / megabyte) }

// Check decides whether the room is enough to be ready. Errors: [ErrUnavailable].
func (r Room) Check() error {
	if r < leastRoomMB*megabyte {
		return fmt.Errorf("%w: %d MB are free where the data folder is, and %d MB must be: make room", ErrUnavailable, r.MB(), leastRoomMB)
	}
	return nil
}

// Short reports whether somebody should make room soon.
func (r Room) Short() bool { return r < ampleRoomMB*megabyte }
