package gatehouse

import (
	"gatehouse/adapters/fiberhttp"
	"gatehouse/application"
)

// A Service is what runs as long as the service does, and what has to be done before.
type Service struct {
	Web                *fiberhttp.Server
	EndRevivedSessions *application.EndRevivedSessions
}
