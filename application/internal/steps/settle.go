package steps

import (
	"context"
	"errors"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Settle runs decide in one update, and appends the event with its outcome. It returns the refusal that
// decide returned. What decide has written before a refusal is kept. After any other error nothing is
// written. A [domain.Throttled] says itself whether it is audited.
func Settle(ctx context.Context, store ports.Store, decide func(ports.Records) (domain.AuditEvent, error)) error {
	var refusal error
	err := store.Update(ctx, func(records ports.Records) error {
		event, err := decide(records)
		if err != nil && !domain.IsRefusal(err) {
			return err
		}
		refusal = err
		if throttled, ok := errors.AsType[*domain.Throttled](err); ok && !throttled.Audited {
			return nil
		}
		return records.Audit().Append(event.Decided(err))
	})
	if err != nil {
		return err
	}
	return refusal
}

// Result returns result, or the zero value beside an error: a change that was rolled back must not be
// reported as done.
func Result[T any](result T, err error) (T, error) {
	if err != nil {
		var nothing T
		return nothing, err
	}
	return result, nil
}
