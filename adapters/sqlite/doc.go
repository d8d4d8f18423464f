// Package sqlite keeps staff, sessions and the audit trail in one SQLite file.
//
// Durability: the database is in WAL mode with synchronous=FULL, so what [DB.Update] has
// acknowledged survives a crash of the process and a power cut.
//
// Concurrency: one goroutine owns the one connection that writes. It takes what updates
// are waiting, runs them one after the other, commits once for all of them and then
// answers each; an update that fails is undone alone. The process that serves remembers
// sessions and accounts, and notices at once when another one has committed. A few connections that cannot write
// serve [DB.View], each on a consistent snapshot. Another process (a command of the same
// program) may write at the same time; the second writer waits up to the busy timeout.
//
// Times are stored as whole milliseconds since 1970 in UTC, and NULL stands for none.
//
// Package ports/porttest holds the contract that this package passes.
package sqlite
