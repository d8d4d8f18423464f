package cli

import (
	"github.com/google/wire"

	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/roster"
	"gatehouse/application/sessions"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// UseCases are what the commands do.
type UseCases struct {
	ImportStaff           ports.UseCase[roster.ImportStaffCommand, roster.ImportStaffResult]
	AddStaff              ports.UseCase[roster.AddStaffCommand, domain.StaffChange]
	ListStaff             ports.UseCase[roster.ListStaffQuery, []domain.Staff]
	ShowStaff             ports.UseCase[roster.ShowStaffQuery, roster.ShowStaffResult]
	SetPassword           ports.UseCase[credentials.SetPasswordCommand, domain.StaffChange]
	RequirePasswordReset  ports.UseCase[credentials.RequirePasswordResetCommand, domain.StaffChange]
	RequirePasswordResets ports.UseCase[credentials.RequirePasswordResetsCommand, credentials.RequirePasswordResetsResult]
	IssueLink             ports.UseCase[credentials.IssueLinkCommand, credentials.IssueLinkResult]
	UnlockStaff           ports.UseCase[roster.UnlockStaffCommand, domain.StaffChange]
	DeactivateStaff       ports.UseCase[roster.DeactivateStaffCommand, domain.StaffChange]
	ActivateStaff         ports.UseCase[roster.ActivateStaffCommand, domain.StaffChange]
	LeaveStaff            ports.UseCase[roster.LeaveStaffCommand, domain.StaffChange]
	DeleteStaff           ports.UseCase[roster.DeleteStaffCommand, domain.StaffChange]
	RevokeStaffSessions   ports.UseCase[sessions.RevokeStaffSessionsCommand, sessions.RevokeStaffSessionsResult]
	ListStaffSessions     ports.UseCase[sessions.ListStaffSessionsQuery, []sessions.StaffSession]
	RevokeStaffSession    ports.UseCase[sessions.RevokeStaffSessionCommand, sessions.RevokeStaffSessionResult]
	ListAuditEvents       ports.UseCase[audit.ListAuditEventsQuery, []domain.AuditEvent]
	ExportAuditEvents     ports.UseCase[audit.ExportAuditEventsQuery, audit.ExportAuditEventsResult]
	VerifyAuditTrail      ports.UseCase[audit.VerifyAuditTrailQuery, audit.VerifyAuditTrailResult]
	DescribeStore         ports.UseCase[upkeep.DescribeStoreQuery, ports.StoreReport]
	// Files are given to commands that are [Command.OnFiles], which get nothing else.
	Files FileUseCases
}

// NewUseCases hands the commands on the database their use cases.
func NewUseCases(
	importStaff *roster.ImportStaff, addStaff *roster.AddStaff, listStaff *roster.ListStaff,
	showStaff *roster.ShowStaff, setPassword *credentials.SetPassword,
	requirePasswordReset *credentials.RequirePasswordReset,
	requirePasswordResets *credentials.RequirePasswordResets, issueLink *credentials.IssueLink,
	unlockStaff *roster.UnlockStaff, deactivateStaff *roster.DeactivateStaff,
	activateStaff *roster.ActivateStaff, leaveStaff *roster.LeaveStaff,
	deleteStaff *roster.DeleteStaff, revokeStaffSessions *sessions.RevokeStaffSessions,
	listStaffSessions *sessions.ListStaffSessions, revokeStaffSession *sessions.RevokeStaffSession,
	listAuditEvents *audit.ListAuditEvents, exportAuditEvents *audit.ExportAuditEvents,
	verifyAuditTrail *audit.VerifyAuditTrail, describeStore *upkeep.DescribeStore,
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
		RevokeStaffSessions:   revokeStaffSessions,
		ListStaffSessions:     listStaffSessions,
		RevokeStaffSession:    revokeStaffSession,
		ListAuditEvents:       listAuditEvents,
		ExportAuditEvents:     exportAuditEvents,
		VerifyAuditTrail:      verifyAuditTrail,
		DescribeStore:         describeStore,
	}
}

// FileUseCases are what is done with the files of the database.
type FileUseCases struct {
	BackUp        ports.UseCase[upkeep.BackUpCommand, ports.BackupReport]
	RestoreBackup ports.UseCase[upkeep.RestoreBackupCommand, upkeep.RestoreBackupResult]
}

// NewFileUseCases hands the commands on files their use cases.
func NewFileUseCases(
	backUp *upkeep.BackUp, restoreBackup *upkeep.RestoreBackup,
) FileUseCases {
	return FileUseCases{
		BackUp:        backUp,
		RestoreBackup: restoreBackup,
	}
}

// Set provides what the commands on the database do, and FilesSet what those on its files do. The
// use cases are provided by the composition root.
var (
	Set      = wire.NewSet(NewUseCases)
	FilesSet = wire.NewSet(NewFileUseCases)
)
