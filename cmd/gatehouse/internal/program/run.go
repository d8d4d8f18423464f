package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/djangoexport"
	"gatehouse/adapters/system"
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/domain"
)

// A process is what the program gets from the system.
type Process struct {
	Getenv         func(string) string
	Environ        func() []string // NAME=value, as of [os.Environ]
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	HangUps        chan os.Signal // SIGHUP
}

// Exit statuses.
const (
	StatusDone   = 0
	StatusFailed = 1
	statusUsage  = 2
)

// A command is one word, or two, that the program is called with.
type command struct {
	name        string
	arguments   string
	summary     string
	description string
	flags       func(*flag.FlagSet)
	check       func(args []string) error
	Run         func(ctx context.Context, s *config.Settings, p Process, args []string) error
	// unconfigured: run gets nil settings, so a mistake in them does not matter.
	unconfigured bool
	// signsNothing: it has to do with no token, so it needs no secret.
	signsNothing bool
	// hangsOn: a SIGHUP does not end it.
	hangsOn bool
}

// Main runs the program with the arguments, environment and streams of this process until it is
// done or a signal ends it, and returns the exit status.
func Main() int {
	signal.Ignore(syscall.SIGPIPE) // a log that nobody reads any more must not stop the service
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], Process{os.Getenv, os.Environ, os.Stdin, os.Stdout, os.Stderr, catchHangUps()})
}

// Run does what args ask, and returns the exit status.
func Run(ctx context.Context, args []string, p Process) int {
	args, p, err := withEnvironmentFile(args, p)
	if err != nil {
		return report(p, "gatehouse", envFileFlag+" FILE COMMAND", err)
	}
	commands := allCommands()
	args = withVersionWord(args)
	if asksForHelp(args) {
		return help(commands, args, p)
	}
	c, rest := find(commands, args)
	if c == nil {
		return noCommand(commands, args, p)
	}
	if !c.hangsOn {
		var stop func()
		ctx, stop = endingOn(ctx, p.HangUps)
		defer stop()
	}
	err = c.execute(ctx, p, rest)
	if err == nil {
		return StatusDone
	}
	if errors.Is(err, flag.ErrHelp) {
		c.manual(p.Stdout)
		return StatusDone
	}
	if readerGone(err) {
		return StatusFailed
	}
	return report(p, "gatehouse "+c.name, strings.TrimSpace(c.name+" "+c.arguments), err)
}

// report prints an error, and returns the exit status for it.
func report(p Process, who, usage string, err error) int {
	_, _ = fmt.Fprintf(p.Stderr, "%s: %s\n", who, indented(err))
	if isUsage(err) {
		_, _ = fmt.Fprintf(p.Stderr, "usage: gatehouse %s\n", usage)
		return statusUsage
	}
	return StatusFailed
}

// readerGone reports whether the reader of the output, such as head, has stopped reading. That
// is no error to report.
func readerGone(err error) bool {
	_, ofFile := errors.AsType[*fs.PathError](err)
	return ofFile && errors.Is(err, syscall.EPIPE)
}

// indented puts each further line of an error under the first.
func indented(err error) string { return strings.ReplaceAll(err.Error(), "\n", "\n  ") }

// find returns the command that args begin with, and the other arguments.
func find(commands []*command, args []string) (*command, []string) {
	for words := min(2, len(args)); words > 0; words-- {
		name := strings.Join(args[:words], " ")
		if i := slices.IndexFunc(commands, func(c *command) bool { return c.name == name }); i >= 0 {
			return commands[i], args[words:]
		}
	}
	return nil, nil
}

// execute parses the flags, reads the configuration and runs the command.
func (c *command) execute(ctx context.Context, p Process, args []string) error {
	set := flag.NewFlagSet(c.name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if c.flags != nil {
		c.flags(set)
	}
	given := map[string]string{}
	for _, o := range config.Options() {
		set.Func(o.Flag(), o.Sentence, func(value string) error { given[o.Flag()] = value; return nil })
	}
	set.Func(strings.TrimLeft(envFileFlag, "-"), "", func(string) error {
		return errors.New("write it before the command: gatehouse --env-file FILE " + c.name)
	})
	positional, err := cli.Parse(set, args)
	if err != nil {
		return err
	}
	if err := c.check(positional); err != nil {
		return err
	}
	if c.unconfigured {
		return c.Run(ctx, nil, p, positional)
	}
	s, err := config.Load(config.Values{Getenv: p.Getenv, Environ: p.Environ, Flags: given, SignsNothing: c.signsNothing})
	if err != nil {
		return fmt.Errorf("the configuration cannot be used:\n%w", err)
	}
	return c.Run(ctx, s, p, positional)
}

func isUsage(err error) bool {
	_, ok := errors.AsType[*cli.UsageError](err)
	return ok
}

func noArguments(args []string) error {
	if len(args) > 0 {
		return &cli.UsageError{Problem: "there is an argument too many"}
	}
	return nil
}

// allCommands lists the server's commands, then the operator's.
func allCommands() []*command {
	commands := []*command{serveCommand(), checkConfigCommand(), healthcheckCommand(), proxyCommand(), versionCommand()}
	for _, c := range cli.Commands() {
		commands = append(commands, operatorCommand(c))
	}
	return commands
}

// operatorCommand runs a command of package cli on the database.
func operatorCommand(c *cli.Command) *command {
	database, arguments := config.NewDatabase{Command: c.Name}, c.Arguments
	if c.Creates {
		arguments = "[--start-empty CODE] " + arguments
	}
	return &command{
		name: c.Name, arguments: arguments, summary: c.Summary, description: c.Description, signsNothing: true,
		flags: func(set *flag.FlagSet) {
			c.Flags(set)
			if c.Creates {
				startEmptyFlag(&database, set)
			}
		},
		check: c.Check,
		Run: func(ctx context.Context, s *config.Settings, p Process, args []string) error {
			s.NewDatabase = database
			operator := operatorName(s, p.Getenv) // before the process becomes another account
			named := openNamed(ctx, s, c, args)
			useCases, closeDatabase, err := assembleFor(c, s, p.Stderr)
			if err != nil {
				return err
			}
			defer closeDatabase()
			return c.Run(ctx, cli.Environment{
				In: p.Stdin, Out: p.Stdout, Err: p.Stderr,
				Client:     domain.Client{Actor: domain.Operator(operator)},
				Clock:      system.NewClock(),
				Zone:       s.Policy.TimeZone,
				PublicURL:  s.LinkBase(),
				Links:      s.Policy.Links,
				Open:       named.open,
				ReadExport: djangoexport.Parse,
			}, useCases, args)
		},
	}
}

// assembleFor opens the database, unless the command is about its files or needs none.
func assembleFor(c *cli.Command, s *config.Settings, notices io.Writer) (useCases cli.UseCases, closeDatabase func(), err error) {
	switch {
	case c.Alone():
	case c.OnFiles:
		useCases.Files, err = assembleFileOperator(s, c)
	default:
		return assembleOperator(s, c.Creates, notices)
	}
	return useCases, func() {}, err
}
