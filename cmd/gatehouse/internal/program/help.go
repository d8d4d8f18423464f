package program

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/cmd/gatehouse/internal/config"
)

func asksForHelp(args []string) bool {
	return len(args) == 0 || slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0])
}

// help prints the manual of a command, or of all. Without any argument that is a wrong
// usage, with the same text.
func help(commands []*command, args []string, p Process) int {
	if len(args) > 1 && !asksForHelp(args[1:]) {
		return helpAbout(commands, args[1:], p)
	}
	if len(args) == 0 {
		overview(commands, p.Stderr)
		return statusUsage
	}
	overview(commands, p.Stdout)
	return StatusDone
}

// helpAbout prints the manual page of the command, or of the group, that topic names.
func helpAbout(commands []*command, topic []string, p Process) int {
	topic = withVersionWord(topic)
	if c, _ := find(commands, topic); c != nil {
		c.manual(p.Stdout)
		return StatusDone
	}
	if members := group(commands, topic[0]); len(members) > 0 && len(topic) == 1 {
		groupManual(topic[0], members, p.Stdout)
		return StatusDone
	}
	return unknown(commands, topic, p)
}

func overview(commands []*command, out io.Writer) {
	_, _ = fmt.Fprint(out, `gatehouse signs the staff of a shop in: one server, one SQLite file.

Usage:
  gatehouse [--env-file FILE] COMMAND [ARGUMENTS] [FLAGS]

Commands:
`)
	summaries(commands, out)
	_, _ = fmt.Fprint(out, `
gatehouse help COMMAND prints the manual page of one.

Every command finds the database by the same configuration as the server, in environment
variables or flags (a flag counts more). --env-file FILE reads variables from a file that systemd
could read as an EnvironmentFile; what is set in the environment counts more than the file:
`)
	optionsManual(out)
	_, _ = fmt.Fprint(out, `
Exit status: 0 done, 1 refused or failed, 2 wrong usage.
`)
}

// manual prints the manual page of one command.
func (c *command) manual(out io.Writer) {
	_, _ = fmt.Fprintf(out, "gatehouse %s: %s\n\nUsage:\n  gatehouse %s\n\n%s\n",
		c.name, c.summary, strings.TrimSpace(c.name+" "+c.arguments), strings.TrimSpace(c.description))
	if c.flags != nil {
		set := flag.NewFlagSet(c.name, flag.ContinueOnError)
		c.flags(set)
		printFlags(set, out)
	}
	if !c.unconfigured {
		_, _ = fmt.Fprint(out, "\nThe configuration's variables and flags apply as well: see gatehouse help.\n")
	}
	if !strings.Contains(c.description, "Exit status") { // some say more about it
		_, _ = fmt.Fprint(out, "\nExit status: 0 done, 1 refused or failed, 2 wrong usage.\n")
	}
}

func printFlags(set *flag.FlagSet, out io.Writer) {
	first := true
	set.VisitAll(func(f *flag.Flag) {
		if first {
			_, _ = fmt.Fprint(out, "\nFlags:\n")
			first = false
		}
		kind, usage := flag.UnquoteUsage(f)
		_, _ = fmt.Fprintf(out, "  --%s\n      %s\n", strings.TrimSpace(f.Name+" "+strings.ToUpper(kind)), usage)
	})
}

func optionsManual(out io.Writer) {
	for _, o := range config.Options() {
		_, _ = fmt.Fprintf(out, "  %s, --%s\n", o.Variable(), o.Flag())
		_, _ = fmt.Fprintf(out, "      %s", o.Sentence)
		if o.DefaultValue != "" {
			_, _ = fmt.Fprintf(out, " Default: %s.", o.DefaultValue)
		}
		_, _ = fmt.Fprintln(out)
	}
}
