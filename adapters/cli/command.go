package cli

import (
	"context"
	"flag"
	"io"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Command is one thing that an operator can ask for. It keeps the values of its flags,
// so it serves one call; it must not be used concurrently.
type Command struct {
	// Name is what the operator types after the name of the program: "staff import".
	Name string
	// Arguments is the rest of the synopsis: "[--partial] FILE|-".
	Arguments string
	// Summary is one line for the list of commands.
	Summary string
	// Description is the text of the manual page: paragraphs in lines of at most 80
	// columns, with the exit statuses and an example. Flags describe themselves.
	Description string
	// OnFiles: it is about the files of the database, which the caller must not open for it.
	OnFiles bool
	// Copies: it copies the database, which has to be there.
	Copies bool
	// Reads: the first argument is a file that the command reads by [Environment.Open], or "-".
	Reads bool
	// Creates: if there is no database yet, the caller is to make one for it. Any other command
	// must not find an empty one in the wrong place.
	Creates bool

	action action
}

// An action is what differs between commands.
type action interface {
	flags(flags *flag.FlagSet)
	check(args []string) error
	run(ctx context.Context, env Environment, useCases UseCases, args []string) error
}

// Commands returns every command, in the order of a list for reading.
func Commands() []*Command {
	return []*Command{
		staffImport(),
		staffAdd(),
		staffList(),
		staffShow(),
		staffInvite(),
		staffResetLink(),
		staffSetPassword(),
		staffRequireReset(),
		staffUnlock(),
		staffDeactivate(),
		staffActivate(),
		staffLeave(),
		staffDelete(),
		staffRevokeSessions(),
		sessionsList(),
		sessionsRevoke(),
		auditList(),
		auditExport(),
		auditVerify(),
		databaseInfo(),
		backup(),
		restore(),
	}
}

// Flags registers the command's own flags.
func (c *Command) Flags(flags *flag.FlagSet) { c.action.flags(flags) }

// Check returns a [UsageError] unless the flags that were parsed and the positional
// arguments are complete and make sense. It opens nothing.
func (c *Command) Check(args []string) error { return c.action.check(args) }

// Alone reports, after Check, whether the command as it was called needs no use case, and so
// no database.
func (c *Command) Alone() bool {
	a, may := c.action.(interface{ alone() bool })
	return may && a.alone()
}

// Run does what the command is for, with arguments that Check has passed. When ctx is
// cancelled it stops waiting for input.
//
// An error is a sentence for the operator in lower case, without a full stop, safe to
// print on a terminal. It wraps its cause, mostly one of the errors of package domain; if
// it is a [UsageError], nothing has been done.
func (c *Command) Run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	return c.action.run(ctx, env, useCases, args)
}

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
