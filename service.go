package gatehouse

import (
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/housekeeping"
)

// A Service is what runs as long as the service does: what answers, and what keeps house
// meanwhile. Both must have ended before the database is closed.
type Service struct {
	Web    *fiberhttp.Server
	Keeper *housekeeping.Keeper
}
