package fiberhttp

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the server, and binds its use cases.
var Set = wire.NewSet(
	New,
	wire.Struct(new(UseCases), "*"),
	wire.Bind(new(ports.UseCase[application.ObtainTokensCommand, application.ObtainTokensResult]), new(*application.ObtainTokens)),
	wire.Bind(new(ports.UseCase[application.RefreshAccessCommand, application.RefreshAccessResult]), new(*application.RefreshAccess)),
	wire.Bind(new(ports.UseCase[application.VerifyTokenQuery, application.VerifyTokenResult]), new(*application.VerifyToken)),
	wire.Bind(new(ports.UseCase[application.BlacklistTokenCommand, application.BlacklistTokenResult]), new(*application.BlacklistToken)),
	wire.Bind(new(ports.UseCase[application.SignOutCommand, application.SignOutResult]), new(*application.SignOut)),
	wire.Bind(new(ports.UseCase[application.CurrentStaffQuery, domain.Staff]), new(*application.CurrentStaff)),
	wire.Bind(new(ports.UseCase[application.ChangePasswordCommand, application.ChangePasswordResult]), new(*application.ChangePassword)),
	wire.Bind(new(ports.UseCase[application.CheckReadinessQuery, application.CheckReadinessResult]), new(*application.CheckReadiness)),
)
