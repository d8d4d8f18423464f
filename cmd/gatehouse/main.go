// Command gatehouse is a sign-in service for one shop: the server, and the operator's
// commands beside it. Run it with help for its manual.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones, also where the machine has none
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // whoever stops reading the log must not stop the service
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], process{os.Getenv, os.Environ, os.Stdin, os.Stdout, os.Stderr, catchHangUps()})
	stop()
	os.Exit(status)
}
