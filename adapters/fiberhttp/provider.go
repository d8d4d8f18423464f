package fiberhttp

import "github.com/google/wire"

// Set provides the server. The use cases that it drives are provided by the composition root.
var Set = wire.NewSet(New, NewUseCases)
