package main

import (
	"context"
	"fmt"
)

// verifyChain has the program verify the audit trail.
func (h *house) verifyChain(ctx context.Context) error {
	if out, err := h.command(ctx, "audit", "verify").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %.500s", err, out)
	}
	return nil
}
