package main

import (
	"context"
	"flag"
)

func serveCommand() *command {
	demonstration := false
	return &command{
		name:      "serve",
		arguments: "[--demo]",
		summary:   "run the service",
		description: `Answers HTTP requests until it gets SIGTERM or SIGINT; then it takes no more
connections, finishes the requests that are under way (10 seconds at most) and stops.

In an empty folder it makes the database and the keys that it needs. Without any
configuration it listens on this machine alone. The log goes to standard error, as JSON
lines unless that is a terminal.`,
		flags: func(set *flag.FlagSet) {
			set.BoolVar(&demonstration, "demo", false,
				"try it out: two invented members of staff in a database that is removed at the end")
		},
		check: noArguments,
		run: func(ctx context.Context, s *settings, p process, _ []string) error {
			if demonstration {
				return demo(ctx, s, p)
			}
			return serve(ctx, s, p)
		},
	}
}
