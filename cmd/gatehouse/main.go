// Command gatehouse is a sign-in service for one shop: the server, and the operator's
// commands beside it. Run it with help for its manual.
package main

import (
	"os"
	_ "time/tzdata" // time zones, also where the machine has none
)

func main() { os.Exit(Main()) }
