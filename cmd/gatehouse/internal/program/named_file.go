package program

import (
	"context"
	"io"
	"os"

	"gatehouse/adapters/cli"
	"gatehouse/cmd/gatehouse/internal/config"
)

// A namedFile is a file that the operator named for a command to read. It is opened with the
// rights of the start, before the process becomes the account of the data folder.
type namedFile struct {
	file *os.File
	err  error
}

// openNamed opens the file, if the command reads one, unless that is to wait until the process
// has become the account. Until ctx is over it waits for who writes to a pipe. An error is that
// of [namedFile.open], because the command has the words for it.
func openNamed(ctx context.Context, s *config.Settings, c *cli.Command, args []string) namedFile {
	if !c.Reads || c.Alone() || args[0] == "-" || accountChooses(s, args[0]) {
		return namedFile{}
	}
	opened := make(chan namedFile, 1)
	go func() {
		file, err := os.Open(args[0])
		opened <- namedFile{file, err}
	}()
	select {
	case <-ctx.Done():
		return namedFile{err: ctx.Err()}
	case named := <-opened:
		return named
	}
}

// open returns the file, which the caller closes, or why there is none.
func (n namedFile) open(name string) (io.ReadCloser, error) {
	if n.file == nil && n.err == nil {
		return os.Open(name)
	}
	return n.file, n.err
}
