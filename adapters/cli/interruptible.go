package cli

import "context"

// interruptible returns what read returns, or the error of ctx as soon as it is cancelled:
// a read from a terminal or a pipe would make an operator who wants to stop wait. What was
// read then is dropped.
func interruptible[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := read()
		done <- outcome{value, err}
	}()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case o := <-done:
		return o.value, o.err
	}
}
