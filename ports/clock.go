package ports

import "time"

// A Clock tells the time, in UTC and to the millisecond. A use case reads it once. It reads it
// again only to see how long something took.
type Clock func() time.Time
