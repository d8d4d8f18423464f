package sqlite

import (
	"github.com/google/wire"
)

// Set provides the database and its closing. Whoever uses it binds it to ports.Store, or
// wraps it first.
var Set = wire.NewSet(Open)
