package fiberhttp

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the server and the use cases that it drives.
var Set = wire.NewSet(
	New,
	wire.Struct(new(UseCases), "*"),
	application.NewObtainTokens, wire.Bind(new(ports.UseCase[application.ObtainTokensCommand, application.ObtainTokensResult]), new(*application.ObtainTokens)),
	application.NewRefreshAccess, wire.Bind(new(ports.UseCase[application.RefreshAccessCommand, application.RefreshAccessResult]), new(*application.RefreshAccess)),
	application.NewVerifyToken, wire.Bind(new(ports.UseCase[application.VerifyTokenQuery, application.VerifyTokenResult]), new(*application.VerifyToken)),
	application.NewBlacklistToken, wire.Bind(new(ports.UseCase[application.BlacklistTokenCommand, application.BlacklistTokenResult]), new(*application.BlacklistToken)),
	application.NewSignOut, wire.Bind(new(ports.UseCase[application.SignOutCommand, application.SignOutResult]), new(*application.SignOut)),
	application.NewCurrentStaff, wire.Bind(new(ports.UseCase[application.CurrentStaffQuery, domain.Staff]), new(*application.CurrentStaff)),
	application.NewPasswordRules,
	application.NewChangePassword, wire.Bind(new(ports.UseCase[application.ChangePasswordCommand, application.ChangePasswordResult]), new(*application.ChangePassword)),
	application.NewRequestPasswordReset, wire.Bind(new(ports.UseCase[application.RequestPasswordResetCommand, application.RequestPasswordResetResult]), new(*application.RequestPasswordReset)),
	application.NewConfirmPasswordReset, wire.Bind(new(ports.UseCase[application.ConfirmPasswordResetCommand, application.ConfirmPasswordResetResult]), new(*application.ConfirmPasswordReset)),
	application.NewListSessions, wire.Bind(new(ports.UseCase[application.ListSessionsQuery, application.ListSessionsResult]), new(*application.ListSessions)),
	application.NewRevokeSession, wire.Bind(new(ports.UseCase[application.RevokeSessionCommand, application.RevokeSessionResult]), new(*application.RevokeSession)),
	application.NewRevokeOtherSessions, wire.Bind(new(ports.UseCase[application.RevokeOtherSessionsCommand, application.RevokeOtherSessionsResult]), new(*application.RevokeOtherSessions)),
	application.NewCheckReadiness, wire.Bind(new(ports.UseCase[application.CheckReadinessQuery, application.CheckReadinessResult]), new(*application.CheckReadiness)),
)
