package housekeeping

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/ports"
)

// UseCases are what the keeper does.
type UseCases struct {
	ForgetSessions    ports.UseCase[application.ForgetSessionsCommand, application.HousekeepingResult]
	ForgetFailures    ports.UseCase[application.ForgetFailuresCommand, application.HousekeepingResult]
	ForgetLinks       ports.UseCase[application.ForgetLinksCommand, application.HousekeepingResult]
	RetireAuditEvents ports.UseCase[application.RetireAuditEventsCommand, application.HousekeepingResult]
	CheckpointStore   ports.UseCase[application.CheckpointStoreCommand, application.HousekeepingResult]
	OptimizeStore     ports.UseCase[application.OptimizeStoreCommand, application.HousekeepingResult]
	CheckReadiness    ports.UseCase[application.CheckReadinessQuery, application.CheckReadinessResult]
}

// NewUseCases hands the keeper its use cases.
func NewUseCases(
	forgetSessions *application.ForgetSessions, forgetFailures *application.ForgetFailures,
	forgetLinks *application.ForgetLinks, retireAuditEvents *application.RetireAuditEvents,
	checkpointStore *application.CheckpointStore, optimizeStore *application.OptimizeStore,
	checkReadiness *application.CheckReadiness,
) UseCases {
	return UseCases{
		ForgetSessions:    forgetSessions,
		ForgetFailures:    forgetFailures,
		ForgetLinks:       forgetLinks,
		RetireAuditEvents: retireAuditEvents,
		CheckpointStore:   checkpointStore,
		OptimizeStore:     optimizeStore,
		CheckReadiness:    checkReadiness,
	}
}

// Set provides the keeper. The use cases that it drives are provided by the composition root.
var Set = wire.NewSet(New, NewUseCases)
