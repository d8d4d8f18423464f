package jwtsigner

import (
	"github.com/google/wire"

	"gatehouse/ports"
)

// Set provides the ports of tokens.
var Set = wire.NewSet(
	New,
	wire.Bind(new(ports.TokenSigner), new(*Tokens)),
	wire.Bind(new(ports.TokenParser), new(*Tokens)),
	wire.Bind(new(ports.PublicKeys), new(*Tokens)),
)
