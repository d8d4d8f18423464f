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
	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/roster"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// UseCases makes every use case. Each constructor stands here once, so that any front can drive any
// use case, and one injector can hold several fronts.
var UseCases = wire.NewSet(
	application.NewRefusals,
	signin.NewObtainTokens, signin.NewRefreshAccess, signin.NewRenewAccess, signin.NewVerifyToken, signin.NewSignOut,
	signin.NewBlacklistToken, signin.NewCurrentStaff, signin.NewFindDueChange, signin.NewGuardRequest,
	sessions.NewListSessions, sessions.NewRevokeSession, sessions.NewRevokeOtherSessions,
	sessions.NewListStaffSessions, sessions.NewRevokeStaffSession, sessions.NewRevokeStaffSessions,
	credentials.NewPasswordRules, credentials.NewChangePassword, credentials.NewRequestPasswordReset,
	credentials.NewConfirmPasswordReset, credentials.NewSetPassword, credentials.NewRequirePasswordReset,
	credentials.NewRequirePasswordResets, credentials.NewIssueLink, credentials.NewDeliverMail,
	roster.NewImportStaff, roster.NewAddStaff, roster.NewListStaff, roster.NewShowStaff, roster.NewUnlockStaff,
	roster.NewDeactivateStaff, roster.NewActivateStaff, roster.NewLeaveStaff, roster.NewDeleteStaff,
	audit.NewListAuditEvents, audit.NewExportAuditEvents, audit.NewVerifyAuditTrail,
	upkeep.NewEndRevivedSessions, upkeep.NewForgetSessions, upkeep.NewForgetFailures, upkeep.NewForgetLinks,
	upkeep.NewRetireAuditEvents, upkeep.NewCheckpointStore, upkeep.NewOptimizeStore, upkeep.NewDescribeStore,
	upkeep.NewCheckReadiness, upkeep.NewBackUp, upkeep.NewRestoreBackup,
)

// NewServer puts the HTTP service together. The returned function closes the database,
// after the updates that it has been given.
func NewServer(
	database sqlite.Config, tokens jwtsigner.Config, hashing passwords.Config, common blocklist.Config, known breached.Config, subjects subjecthmac.Config,
	devices domain.DeviceKey, outbox domain.OutboxKey, mail smtpmail.Config, web fiberhttp.Config, policy domain.Policy, log *zap.Logger,
) (Service, func(), error) {
	panic(wire.Build(
		system.Set, sqlite.Set, zaplog.Set, jwtsigner.Set, passwords.Set, blocklist.Set, breached.Set, subjecthmac.Set, fiberhttp.Set,
		housekeeping.Set, smtpmail.Set, delivery.Set, UseCases, wire.Struct(new(Service), "*"),
		wire.Bind(new(zaplog.Inner), new(*sqlite.DB)), wire.FieldsOf(new(sqlite.Config), "AuditKey"),
	))
}

// NewOperator puts together what the operator's commands do. The returned function closes
// the database.
func NewOperator(
	database sqlite.Config, hashing passwords.Config, common blocklist.Config, known breached.Config, outbox domain.OutboxKey, policy domain.Policy,
) (cli.UseCases, func(), error) {
	panic(wire.Build(
		system.Set, sqlite.Set, passwords.Set, blocklist.Set, breached.Set, cli.Set, UseCases,
		wire.Bind(new(ports.Store), new(*sqlite.DB)),
		wire.FieldsOf(new(sqlite.Config), "AuditKey"),
	))
}

// NewFileOperator puts together what the operator's commands do with the files of the
// database, which it does not open.
func NewFileOperator(database sqlite.Config) cli.FileUseCases {
	panic(wire.Build(system.Set, sqlite.FilesSet, cli.FilesSet, UseCases))
}
