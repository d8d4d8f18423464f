package ports

import "gatehouse/domain"

// A History remembers outside the [Store] how far its audit trail had come, so that it
// shows when the store was put back to an earlier state.
type History interface {
	// Lost returns the newest event that the store is known to have held and does not hold
	// any more, and false if there is none. The zero mark stands for a store that holds events
	// although it is not known any more which: some may be lost.
	Lost() (domain.AuditMark, bool)
	// Newest returns the newest event that the store is known to have held; the zero mark
	// if nothing is known.
	Newest() domain.AuditMark
	// Accept makes what the store holds now the measure.
	Accept() error
}
