//go:build !race

package domain

import "time"

const slowest = 5 * time.Millisecond
