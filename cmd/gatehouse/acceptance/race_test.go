//go:build race

package acceptance

// With the race detector, a process needs several times its memory.
const memoryFactor = 10
