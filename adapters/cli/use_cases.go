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
	Files FileUseCases
}

// NewUseCases hands the commands on the database their use cases.
func NewUseCases(
	importStaff *application.ImportStaff, addStaff *application.AddStaff, listStaff *application.ListStaff,
	showStaff *application.ShowStaff, setPassword *application.SetPassword,
	requirePasswordReset *application.RequirePasswordReset,
	requirePasswordResets *application.RequirePasswordResets, issueLink *application.IssueLink,
	unlockStaff *application.UnlockStaff, deactivateStaff *application.DeactivateStaff,
	activateStaff *application.ActivateStaff, leaveStaff *application.LeaveStaff,
	deleteStaff *application.DeleteStaff, endStaffSessions *application.EndStaffSessions,
	listStaffSessions *application.ListStaffSessions, endSession *application.EndSession,
	listAuditEvents *application.ListAuditEvents, exportAuditEvents *application.ExportAuditEvents,
	verifyAuditTrail *application.VerifyAuditTrail, describeStore *application.DescribeStore,
) UseCases {
	return UseCases{
		ImportStaff:           importStaff,
		AddStaff:              addStaff,
		ListStaff:             listStaff,
		ShowStaff:             showStaff,
		SetPassword:           setPassword,
		RequirePasswordReset:  requirePasswordReset,
		RequirePasswordResets: requirePasswordResets,
		IssueLink:             issueLink,
		UnlockStaff:           unlockStaff,
		DeactivateStaff:       deactivateStaff,
		ActivateStaff:         activateStaff,
		LeaveStaff:            leaveStaff,
		DeleteStaff:           deleteStaff,
		EndStaffSessions:      endStaffSessions,
		ListStaffSessions:     listStaffSessions,
		EndSession:            endSession,
		ListAuditEvents:       listAuditEvents,
		ExportAuditEvents:     exportAuditEvents,
		VerifyAuditTrail:      verifyAuditTrail,
		DescribeStore:         describeStore,
	}
}

// FileUseCases are what is done with the files of the database.
type FileUseCases struct {
	BackUp        ports.UseCase[application.BackUpCommand, ports.BackupReport]
	RestoreBackup ports.UseCase[application.RestoreBackupCommand, application.RestoreBackupResult]
}

// NewFileUseCases hands the commands on files their use cases.
func NewFileUseCases(
	backUp *application.BackUp, restoreBackup *application.RestoreBackup,
) FileUseCases {
	return FileUseCases{
		BackUp:        backUp,
		RestoreBackup: restoreBackup,
	}
}
