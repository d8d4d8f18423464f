package program

import (
	"runtime"
	"runtime/debug"
)

const (
	// memoryForAll is the share of the soft limit that has nothing to do with password hashes.
	memoryForAll = 55 << 20
	// memoryPerHash is what one hash uses, and a little; there is one for each processor at a
	// time. If they alone were beyond the limit, collecting would never end.
	memoryPerHash = 20 << 20
	// garbagePercent lets garbage grow to four times what is in use, which is little, before
	// it is collected: a tenth of the processor time of a refresh went into collecting.
	garbagePercent = 400
)

// limitMemory sets from where on the garbage of password hashes is collected sooner rather
// than later, and how much garbage there may be below that, unless the operator has
// (GOMEMLIMIT, GOGC).
func limitMemory(getenv func(string) string) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(memoryForAll + memoryPerHash*runtime.NumCPU()))
	}
	if getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
}
