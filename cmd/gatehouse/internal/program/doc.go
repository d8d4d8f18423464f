// Package program is the program from its arguments to its exit status. [Run] finds the command, has
// its configuration read, puts the parts together, and runs it; the service also gets its log and its
// life here: signals, the listener, the end.
package program
