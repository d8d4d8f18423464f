package sqlite

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set provides the database and its closing. Whoever uses it binds it to ports.Store, or
// wraps it first.
var Set = wire.NewSet(
	Open,
	wire.Bind(new(ports.Probe), new(*DB)),
	wire.Bind(new(ports.History), new(*DB)),
	wire.Bind(new(ports.Upkeep), new(*DB)),
)

// FilesSet provides what is done with the files of a database that is not open.
var FilesSet = wire.NewSet(NewFiles, wire.Bind(new(ports.Backups), new(*Files)))
