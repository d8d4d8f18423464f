package main

import "runtime/debug"

// softMemoryLimit is from where on the garbage of password hashes is collected sooner
// rather than later. What is in use at once is bounded by package passwords.
const softMemoryLimit = 256 << 20

// limitMemory sets the limit, unless the operator has set one (GOMEMLIMIT).
func limitMemory(getenv func(string) string) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemoryLimit)
	}
}
