package cli

import (
	"github.com/google/wire"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the use cases that the commands drive.
var Set = wire.NewSet(
	wire.Struct(new(UseCases), "*"),
	application.NewImportStaff, wire.Bind(new(ports.UseCase[application.ImportStaffCommand, application.ImportStaffResult]), new(*application.ImportStaff)),
	application.NewAddStaff, wire.Bind(new(ports.UseCase[application.AddStaffCommand, application.StaffChange]), new(*application.AddStaff)),
	application.NewListStaff, wire.Bind(new(ports.UseCase[application.ListStaffQuery, []domain.Staff]), new(*application.ListStaff)),
	application.NewShowStaff, wire.Bind(new(ports.UseCase[application.ShowStaffQuery, application.ShowStaffResult]), new(*application.ShowStaff)),
	application.NewPasswordRules,
	application.NewSetPassword, wire.Bind(new(ports.UseCase[application.SetPasswordCommand, application.StaffChange]), new(*application.SetPassword)),
	application.NewRequirePasswordReset, wire.Bind(new(ports.UseCase[application.RequirePasswordResetCommand, application.StaffChange]), new(*application.RequirePasswordReset)),
	application.NewRequirePasswordResets, wire.Bind(new(ports.UseCase[application.RequirePasswordResetsCommand, application.RequirePasswordResetsResult]), new(*application.RequirePasswordResets)),
	application.NewIssueLink, wire.Bind(new(ports.UseCase[application.IssueLinkCommand, application.IssueLinkResult]), new(*application.IssueLink)),
	application.NewUnlockStaff, wire.Bind(new(ports.UseCase[application.UnlockStaffCommand, application.StaffChange]), new(*application.UnlockStaff)),
	application.NewDeactivateStaff, wire.Bind(new(ports.UseCase[application.DeactivateStaffCommand, application.StaffChange]), new(*application.DeactivateStaff)),
	application.NewActivateStaff, wire.Bind(new(ports.UseCase[application.ActivateStaffCommand, application.StaffChange]), new(*application.ActivateStaff)),
	application.NewLeaveStaff, wire.Bind(new(ports.UseCase[application.LeaveStaffCommand, application.StaffChange]), new(*application.LeaveStaff)),
	application.NewDeleteStaff, wire.Bind(new(ports.UseCase[application.DeleteStaffCommand, application.StaffChange]), new(*application.DeleteStaff)),
	application.NewEndStaffSessions, wire.Bind(new(ports.UseCase[application.EndStaffSessionsCommand, application.EndStaffSessionsResult]), new(*application.EndStaffSessions)),
	application.NewListStaffSessions, wire.Bind(new(ports.UseCase[application.ListStaffSessionsQuery, []application.StaffSession]), new(*application.ListStaffSessions)),
	application.NewEndSession, wire.Bind(new(ports.UseCase[application.EndSessionCommand, application.EndSessionResult]), new(*application.EndSession)),
	application.NewListAuditEvents, wire.Bind(new(ports.UseCase[application.ListAuditEventsQuery, []domain.AuditEvent]), new(*application.ListAuditEvents)),
	application.NewExportAuditEvents, wire.Bind(new(ports.UseCase[application.ExportAuditEventsQuery, application.ExportAuditEventsResult]), new(*application.ExportAuditEvents)),
	application.NewVerifyAuditTrail, wire.Bind(new(ports.UseCase[application.VerifyAuditTrailQuery, application.VerifyAuditTrailResult]), new(*application.VerifyAuditTrail)),
	application.NewDescribeStore, wire.Bind(new(ports.UseCase[application.DescribeStoreQuery, ports.StoreReport]), new(*application.DescribeStore)),
)

// FilesSet provides the use cases about files.
var FilesSet = wire.NewSet(
	wire.Struct(new(FileUseCases), "*"),
	application.NewBackUp, wire.Bind(new(ports.UseCase[application.BackUpCommand, ports.BackupReport]), new(*application.BackUp)),
	application.NewRestoreBackup, wire.Bind(new(ports.UseCase[application.RestoreBackupCommand, application.RestoreBackupResult]), new(*application.RestoreBackup)),
)
