//go:build wireinject

package gatehouse

import (
	"github.com/google/wire"
	"go.uber.org/zap"

	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/cli"
	"gatehouse/adapters/delivery"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/housekeeping"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/smtpmail"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/adapters/system"
	"gatehouse/adapters/zaplog"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// NewServer puts the HTTP service together. The returned function closes the database,
// after the updates that it has been given.
func NewServer(
	database sqlite.Config, tokens jwtsigner.Config, hashing passwords.Config, common blocklist.Config, known breached.Config, subjects subjecthmac.Config,
	devices domain.DeviceKey, outbox domain.OutboxKey, mail smtpmail.Config, web fiberhttp.Config, policy domain.Policy, log *zap.Logger,
) (Service, func(), error) {
	panic(wire.Build(
		system.Set, sqlite.Set, zaplog.Set, jwtsigner.Set, passwords.Set, blocklist.Set, breached.Set, subjecthmac.Set, fiberhttp.Set,
		housekeeping.Set, smtpmail.Set, delivery.Set, application.NewEndRevivedSessions, wire.Struct(new(Service), "*"),
		wire.Bind(new(zaplog.Inner), new(*sqlite.DB)), wire.FieldsOf(new(sqlite.Config), "AuditKey"),
	))
}

// NewOperator puts together what the operator's commands do. The returned function closes
// the database.
func NewOperator(
	database sqlite.Config, hashing passwords.Config, common blocklist.Config, known breached.Config, outbox domain.OutboxKey, policy domain.Policy,
) (cli.UseCases, func(), error) {
	panic(wire.Build(
		system.Set, sqlite.Set, passwords.Set, blocklist.Set, breached.Set, cli.Set,
		wire.Bind(new(ports.Store), new(*sqlite.DB)),
		wire.FieldsOf(new(sqlite.Config), "AuditKey"),
	))
}

// NewFileOperator puts together what the operator's commands do with the files of the
// database, which it does not open.
func NewFileOperator(database sqlite.Config) cli.FileUseCases {
	panic(wire.Build(system.Set, sqlite.FilesSet, cli.FilesSet))
}
