//go:build wireinject

package main

import (
	"github.com/google/wire"
	"go.uber.org/zap"

	"gatehouse"
	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/adapters/system"
	"gatehouse/adapters/zaplog"
	"gatehouse/domain"
	"gatehouse/ports"
)

// newServer is the service as the real program has it, but for the clock and for what is
// broken in the store. gatehouse.NewServer takes neither: the real program must have no such switch.
func newServer(
	database sqlite.Config, tokens jwtsigner.Config, hashing passwords.Config, subjects subjecthmac.Config,
	devices domain.DeviceKey, outbox domain.OutboxKey, web fiberhttp.Config, policy domain.Policy, log *zap.Logger, clock ports.Clock, broken brokenStore,
) (*fiberhttp.Server, func(), error) {
	panic(wire.Build(
		system.NewSessionIDs, system.NewTokenIDs, system.NewDeviceIDs, system.NewMailIDs, system.NewLinkTokens, sqlite.Set, zaplog.Set, jwtsigner.Set, passwords.Set,
		subjecthmac.Set, fiberhttp.Set, gatehouse.UseCases, breakStore,
		blocklist.Set, breached.Set, wire.Value(blocklist.Config{}), wire.Value(breached.Config{}),
	))
}
