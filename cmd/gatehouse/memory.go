package main

import "runtime/debug"

const (
	// softMemoryLimit is from where on the garbage of password hashes is collected sooner
	// rather than later. What is in use at once is bounded by package passwords.
	softMemoryLimit = 112 << 20
	// garbagePercent lets garbage grow to four times what is in use, which is little, before
	// it is collected: a tenth of the processor time of a refresh went into collecting.
	garbagePercent = 400
)

// limitMemory sets both, unless the operator has (GOMEMLIMIT, GOGC).
func limitMemory(getenv func(string) string) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemoryLimit)
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
}
