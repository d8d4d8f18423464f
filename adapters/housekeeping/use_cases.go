package housekeeping

import (
	"github.com/google/wire"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

// UseCases are what the keeper does.
type UseCases struct {
	ForgetSessions    ports.UseCase[upkeep.ForgetSessionsCommand, upkeep.HousekeepingResult]
	ForgetFailures    ports.UseCase[upkeep.ForgetFailuresCommand, upkeep.HousekeepingResult]
	ForgetLinks       ports.UseCase[upkeep.ForgetLinksCommand, upkeep.HousekeepingResult]
	RetireAuditEvents ports.UseCase[upkeep.RetireAuditEventsCommand, upkeep.HousekeepingResult]
	CheckpointStore   ports.UseCase[upkeep.CheckpointStoreCommand, upkeep.HousekeepingResult]
	OptimizeStore     ports.UseCase[upkeep.OptimizeStoreCommand, upkeep.HousekeepingResult]
	CheckReadiness    ports.UseCase[upkeep.CheckReadinessQuery, upkeep.CheckReadinessResult]
}

// NewUseCases hands the keeper its use cases.
func NewUseCases(
	forgetSessions *upkeep.ForgetSessions, forgetFailures *upkeep.ForgetFailures,
	forgetLinks *upkeep.ForgetLinks, retireAuditEvents *upkeep.RetireAuditEvents,
	checkpointStore *upkeep.CheckpointStore, optimizeStore *upkeep.OptimizeStore,
	checkReadiness *upkeep.CheckReadiness,
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
