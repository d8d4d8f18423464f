// Package steps holds what several use cases do in the same way: check a token and find its session,
// compare a password under the throttle, end sessions, write a decision down with its audit event.
package steps
