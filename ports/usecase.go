package ports

import "context"

// A UseCase is something that the service does for somebody. Execute either does all of
// it and returns what came of it, or does none of it and returns an error that wraps one
// of the errors of package domain. Anything else is a failure of the service itself.
//
// A refusal may change things (a replayed token ends its session, and every refusal is
// audited): what it changes is durable when Execute returns.
type UseCase[In, Out any] interface {
	Execute(ctx context.Context, in In) (Out, error)
}
