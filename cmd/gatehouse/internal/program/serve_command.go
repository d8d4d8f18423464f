package program

import (
	"context"
	"flag"

	"gatehouse/cmd/gatehouse/internal/config"
)

func serveCommand() *command {
	demonstration := false
	database := config.NewDatabase{Command: "serve"}
	return &command{
		name:      "serve",
		arguments: "[--demo] [--start-empty CODE]",
		summary:   "run the service",
		description: `Answers HTTP requests until it gets SIGTERM or SIGINT; then it takes no more
connections, finishes the requests that are under way (10 seconds at most) and stops.
On SIGHUP it reads the files of the pages again (SHOP_TEXTS_FILE and SHOP_LOGO_FILE), and
goes on; what else is configured takes a restart.

In an empty folder it makes the database and the keys that it needs. Where files show that
there has been a database it refuses, and says how to go on. Without any
configuration it listens on this machine alone. The log goes to standard error, as JSON
lines unless that is a terminal.`,
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&demonstration, "demo", false,
				"try it out: two invented members of staff in a database that is removed at the end")
			startEmptyFlag(&database, set)
		},
		check:   noArguments,
		hangsOn: true,
		Run: func(ctx context.Context, s *config.Settings, p Process, _ []string) error {
			s.NewDatabase = database
			if demonstration {
				return demo(ctx, s, p)
			}
			return serve(ctx, s, p)
		},
	}
}
