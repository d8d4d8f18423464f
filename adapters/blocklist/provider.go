package blocklist

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set makes the [ports.PasswordBlocklist] from a [Config].
var Set = wire.NewSet(New, wire.Bind(new(ports.PasswordBlocklist), new(*Blocklist)))
