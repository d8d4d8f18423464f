// Command gatehouse is a sign-in service for one shop: the server, and the operator's
// commands beside it. Run it with help for its manual.
package main

import (
	"os"
	_ "time/tzdata" // time zones, also where the machine has none

	"gatehouse/cmd/gatehouse/internal/program"
)

func main() { os.Exit(program.Main()) }
