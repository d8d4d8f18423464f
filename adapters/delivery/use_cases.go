package delivery

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/ports"
)

// UseCases are what the sender does.
type UseCases struct {
	DeliverMail ports.UseCase[application.DeliverMailCommand, application.DeliverMailResult]
}

// NewUseCases hands the sender its use case.
func NewUseCases(deliverMail *application.DeliverMail) UseCases { return UseCases{deliverMail} }

// Set provides the sender. The use case that it drives is provided by the composition root.
var Set = wire.NewSet(New, NewUseCases)
