//go:build !race

package acceptance

const memoryFactor = 1
