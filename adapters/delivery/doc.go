// Package delivery sends waiting letters by the clock: it drives the use case that does so.
//
// One goroutine asks for letters four times a second, which finds those too that another process has
// put into the outbox. Neither an error nor a panic stops it; both are logged, each
// once until a letter has been sent.
package delivery
