package passwords

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set makes the [ports.PasswordHasher] and the [ports.HashGrader] from a [Config].
var Set = wire.NewSet(New, wire.Bind(new(ports.PasswordHasher), new(*Hasher)), wire.Bind(new(ports.HashGrader), new(*Hasher)))
