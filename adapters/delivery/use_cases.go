package delivery

import (
	"github.com/google/wire"

	"gatehouse/application/credentials"
	"gatehouse/ports"
)

// UseCases are what the sender does.
type UseCases struct {
	DeliverMail ports.UseCase[credentials.DeliverMailCommand, credentials.DeliverMailResult]
}

// NewUseCases hands the sender its use case.
func NewUseCases(deliverMail *credentials.DeliverMail) UseCases { return UseCases{deliverMail} }

// Set provides the sender. The use case that it drives is provided by the composition root.
var Set = wire.NewSet(New, NewUseCases)
