// Package memory implements the ports without a disk, a clock or cryptography, for the
// tests of use cases. It passes the same contract suites as the real adapters, and keeps
// and returns copies, so nobody can change what it holds except through the port.
//
// It is no toy for production either way: nothing is durable, and the hashes are weak.
package memory
