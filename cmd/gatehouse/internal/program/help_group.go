package program

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// group returns the commands of two words whose first is word, such as staff.
func group(commands []*command, word string) (members []*command) {
	for _, c := range commands {
		if strings.HasPrefix(c.name, word+" ") {
			members = append(members, c)
		}
	}
	return members
}

// noCommand answers args that no command begins: the name of a group alone is a wrong
// usage, with the same text as its help.
func noCommand(commands []*command, args []string, p Process) int {
	members := group(commands, args[0])
	switch {
	case len(members) > 0 && len(args) == 1:
		groupManual(args[0], members, p.Stderr)
		return statusUsage
	case len(members) > 0 && asksForHelp(args[1:]):
		groupManual(args[0], members, p.Stdout)
		return StatusDone
	}
	return unknown(commands, args, p)
}

// unknown refuses args and says where to look.
func unknown(commands []*command, args []string, p Process) int {
	where := "gatehouse help"
	if len(group(commands, args[0])) > 0 {
		where += " " + args[0]
	}
	_, _ = fmt.Fprintf(p.Stderr, "gatehouse: there is no command %q; see %s\n", strings.Join(args[:min(2, len(args))], " "), where)
	return statusUsage
}

// groupManual lists the commands of one group.
func groupManual(word string, members []*command, out io.Writer) {
	_, _ = fmt.Fprintf(out, "Usage:\n  gatehouse %s COMMAND [ARGUMENTS] [FLAGS]\n\nCommands:\n", word)
	summaries(members, out)
	_, _ = fmt.Fprintf(out, "\ngatehouse help %s COMMAND prints the manual page of one.\n", word)
}

func summaries(commands []*command, out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, c := range commands {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", c.name, c.summary)
	}
	_ = table.Flush()
}
