// Package housekeeping does regularly what nobody asks for: it drives the use cases that
// remove what is old and keep the database fast.
//
// One goroutine does one task at a time. Neither an error nor a panic stops it; both are
// logged, and the task is tried again when its time comes. A task that keeps failing in the
// same way is not logged each time.
package housekeeping
