package ports

import (
	"context"

	"gatehouse/domain"
)

// A History remembers outside the [Store] how far the audit trail had come. It shows when the
// store was put back to an earlier state. It may be used concurrently.
type History interface {
	// Lost returns the newest event that the store has held and has lost, and false if it has
	// lost none. The zero mark with true means that events may be lost and it is not known which.
	Lost() (domain.AuditMark, bool)
	// Newest returns the newest event that the store is known to have held. It is the zero mark
	// if nothing is known.
	Newest() domain.AuditMark
	// Accept declares that the store is right as it is now: nothing counts as lost any more.
	Accept(ctx context.Context) error
}
