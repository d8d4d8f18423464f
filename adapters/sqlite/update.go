package sqlite

import (
	"context"

	"gatehouse/ports"
)

// An update is one caller's change, and what became of it.
type update struct {
	ctx      context.Context
	change   func(ports.Records) error
	err      error
	panicked any
	done     chan struct{} // nil for a caller who writes himself
}

// run runs one change. The error it returns is about the whole transaction; that of the
// change stays in u.
func (u *update) run(b *batch) error {
	if u.err = u.ctx.Err(); u.err != nil {
		return nil
	}
	end := b.connection.trail
	u.apply(b)
	if u.err != nil || u.panicked != nil {
		return b.undo(end)
	}
	return b.accept()
}

func (u *update) apply(b *batch) {
	defer func() { u.panicked = recover() }()
	u.err = u.change(b)
}
