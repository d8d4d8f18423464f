package cli

import (
	"io"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// An Environment is who runs a command, and where it reads and writes. Every field but
// Client must be set.
type Environment struct {
	// In is standard input. If it is an [*os.File] that is a terminal, a password is asked
	// for there without an echo.
	In io.Reader
	// Out gets what was asked for, Err prompts and remarks.
	Out, Err io.Writer
	// Client goes into the audit trail; its Actor is the operator who runs the command.
	Client domain.Client
	// Clock and Zone are those of the use cases: they tell what has happened already.
	Clock ports.Clock
	Zone  *time.Location
	// PublicURL is what links begin with, without a slash at the end; "" if that is not known.
	PublicURL string
	Links     domain.LinkPolicy
	// Open opens a file that is named in the arguments.
	Open func(name string) (io.ReadCloser, error)
	// ReadExport reads an export of the shop's job system. Its errors must not repeat the
	// export's content.
	ReadExport func(io.Reader) (domain.StaffList, error)
}

func (e Environment) today() domain.Date { return domain.DateAt(e.Clock(), e.Zone) }
