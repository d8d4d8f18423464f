package program

import (
	"context"
	"fmt"
	"text/tabwriter"

	"gatehouse/adapters/system"
	"gatehouse/cmd/gatehouse/internal/config"
)

func checkConfigCommand() *command {
	return &command{
		name:    "check-config",
		summary: "check the configuration, and print it without its secrets",
		description: `Reports every mistake at once, each with the name of its variable and the right
form, and then starts nothing. If there is none, it prints what the service would run
with, who can sign tokens until when, and whether access tokens are renewed in passing; a
secret is shown as [redacted]. Standard error warns of what works and should be thought
about, such as a GATEHOUSE_ variable that is not a setting. It opens neither the database
nor a port.`,
		check: noArguments,
		Run: func(_ context.Context, s *config.Settings, p Process, _ []string) error {
			table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
			for _, o := range config.Options() {
				_, _ = fmt.Fprintf(table, "%s\t%s\n", o.Name, o.Shown(s.Written[o.Name]))
			}
			if err := table.Flush(); err != nil {
				return err
			}
			now := system.NewClock()()
			for _, line := range s.Warnings(now) {
				_, _ = fmt.Fprintln(p.Stderr, "warning:", line)
			}
			_, err := fmt.Fprintf(p.Stdout, "The configuration is good. Tokens are signed with %s.\n%s\n%s\n", s.SigningAlgorithm(), s.Signers(now), s.Renewal())
			return err
		},
	}
}
