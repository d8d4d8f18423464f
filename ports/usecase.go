package ports

import "context"

// A UseCase is one thing that the service does. Execute does all of it and returns the result,
// or does none of it and returns an error. An error that wraps one of package domain's is an
// answer. Any other error is a failure of the service itself.
//
// A refusal may still change something: a replayed token ends its session, and every refusal is
// audited or counted. Such changes are durable when Execute returns. It may be called
// concurrently.
type UseCase[In, Out any] interface {
	Execute(ctx context.Context, in In) (Out, error)
}
