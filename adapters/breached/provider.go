package breached

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set opens the [ports.BreachedPasswords] of a [Config].
var Set = wire.NewSet(New, wire.Bind(new(ports.BreachedPasswords), new(*Passwords)))
