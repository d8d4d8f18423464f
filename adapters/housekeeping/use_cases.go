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
}

// Set provides the keeper and the use cases that it drives.
var Set = wire.NewSet(
	New,
	wire.Struct(new(UseCases), "*"),
	application.NewForgetSessions, wire.Bind(new(ports.UseCase[application.ForgetSessionsCommand, application.HousekeepingResult]), new(*application.ForgetSessions)),
	application.NewForgetFailures, wire.Bind(new(ports.UseCase[application.ForgetFailuresCommand, application.HousekeepingResult]), new(*application.ForgetFailures)),
	application.NewForgetLinks, wire.Bind(new(ports.UseCase[application.ForgetLinksCommand, application.HousekeepingResult]), new(*application.ForgetLinks)),
	application.NewRetireAuditEvents, wire.Bind(new(ports.UseCase[application.RetireAuditEventsCommand, application.HousekeepingResult]), new(*application.RetireAuditEvents)),
	application.NewCheckpointStore, wire.Bind(new(ports.UseCase[application.CheckpointStoreCommand, application.HousekeepingResult]), new(*application.CheckpointStore)),
	application.NewOptimizeStore, wire.Bind(new(ports.UseCase[application.OptimizeStoreCommand, application.HousekeepingResult]), new(*application.OptimizeStore)),
)
