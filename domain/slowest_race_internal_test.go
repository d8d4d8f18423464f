//go:build race

package domain

import "time"

// The race detector makes everything ten times as slow, or more.
const slowest = 100 * time.Millisecond
