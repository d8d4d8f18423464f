//go:build wireinject

// Package bothfronts proves that one injector can hold what the web and what operators do. It is
// checked, never built.
package bothfronts

import (
	"github.com/google/wire"
	"go.uber.org/zap"

	"gatehouse"
	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/cli"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/adapters/system"
	"gatehouse/adapters/zaplog"
	"gatehouse/domain"
)

type fronts struct {
	Web      *fiberhttp.Server
	Operator cli.UseCases
}

func newFronts(
	database sqlite.Config, tokens jwtsigner.Config, hashing passwords.Config, common blocklist.Config, known breached.Config, subjects subjecthmac.Config,
	devices domain.DeviceKey, outbox domain.OutboxKey, web fiberhttp.Config, policy domain.Policy, log *zap.Logger,
) (fronts, func(), error) {
	panic(wire.Build(
		gatehouse.UseCases, fiberhttp.Set, cli.Set, wire.Struct(new(fronts), "*"),
		system.Set, sqlite.Set, zaplog.Set, jwtsigner.Set, passwords.Set, blocklist.Set, breached.Set, subjecthmac.Set,
		wire.Bind(new(zaplog.Inner), new(*sqlite.DB)), wire.FieldsOf(new(sqlite.Config), "AuditKey"),
	))
}
