package sqlite

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set provides the store and its closing.
var Set = wire.NewSet(Open, wire.Bind(new(ports.Store), new(*DB)))
