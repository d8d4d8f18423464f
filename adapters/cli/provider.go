package cli

import "github.com/google/wire"

// Set provides what the commands on the database do, and FilesSet what those on its files do. The
// use cases are provided by the composition root.
var (
	Set      = wire.NewSet(NewUseCases)
	FilesSet = wire.NewSet(NewFileUseCases)
)
