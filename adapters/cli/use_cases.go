package cli

import (
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// UseCases are what the commands do.
type UseCases struct {
	ImportStaff           ports.UseCase[application.ImportStaffCommand, application.ImportStaffResult]
	AddStaff              ports.UseCase[application.AddStaffCommand, application.StaffChange]
	ListStaff             ports.UseCase[application.ListStaffQuery, []domain.Staff]
	ShowStaff             ports.UseCase[application.ShowStaffQuery, application.ShowStaffResult]
	SetPassword           ports.UseCase[application.SetPasswordCommand, application.StaffChange]
	RequirePasswordReset  ports.UseCase[application.RequirePasswordResetCommand, application.StaffChange]
	RequirePasswordResets ports.UseCase[application.RequirePasswordResetsCommand, application.RequirePasswordResetsResult]
	IssueLink             ports.UseCase[application.IssueLinkCommand, application.IssueLinkResult]
	UnlockStaff           ports.UseCase[application.UnlockStaffCommand, application.StaffChange]
	DeactivateStaff       ports.UseCase[application.DeactivateStaffCommand, application.StaffChange]
	ActivateStaff         ports.UseCase[application.ActivateStaffCommand, application.StaffChange]
	LeaveStaff            ports.UseCase[application.LeaveStaffCommand, application.StaffChange]
	DeleteStaff           ports.UseCase[application.DeleteStaffCommand, application.StaffChange]
	EndStaffSessions      ports.UseCase[application.EndStaffSessionsCommand, application.EndStaffSessionsResult]
	ListStaffSessions     ports.UseCase[application.ListStaffSessionsQuery, []application.StaffSession]
	EndSession            ports.UseCase[application.EndSessionCommand, application.EndSessionResult]
	ListAuditEvents       ports.UseCase[application.ListAuditEventsQuery, []domain.AuditEvent]
	ExportAuditEvents     ports.UseCase[application.ExportAuditEventsQuery, application.ExportAuditEventsResult]
	VerifyAuditTrail      ports.UseCase[application.VerifyAuditTrailQuery, application.VerifyAuditTrailResult]
	DescribeStore         ports.UseCase[application.DescribeStoreQuery, ports.StoreReport]
	// Files are given to commands that are [Command.OnFiles], which get nothing else.
	Files FileUseCases `wire:"-"`
}

// FileUseCases are what is done with the files of the database.
type FileUseCases struct {
	BackUp        ports.UseCase[application.BackUpCommand, ports.BackupReport]
	RestoreBackup ports.UseCase[application.RestoreBackupCommand, application.RestoreBackupResult]
}
