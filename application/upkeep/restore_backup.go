package upkeep

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// RestoreBackup lets an operator go back to a backup. Every session in it has ended before
// anybody can use it, and every token of the shop's Django that was issued until now is
// taken back: who signed out after the backup was made stays signed out.
//
// Errors: [domain.ErrBackupRefused], [domain.ErrTrailBroken].
type RestoreBackup struct {
	backups ports.Backups
	clock   ports.Clock
}

// RestoreBackupCommand says which.
type RestoreBackupCommand struct {
	File   ports.BackupFile
	Client domain.Client
}

// NewRestoreBackup makes the use case.
func NewRestoreBackup(backups ports.Backups, clock ports.Clock) *RestoreBackup {
	return &RestoreBackup{backups, clock}
}

// RestoreBackupResult tells what was restored, and how many sessions were ended in it.
type RestoreBackupResult struct {
	ports.RestoreReport
	Ended int
}

// Execute implements [ports.UseCase].
func (u *RestoreBackup) Execute(ctx context.Context, cmd RestoreBackupCommand) (result RestoreBackupResult, err error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventDatabaseRestore, cmd.Client, now)
	result.RestoreReport, err = u.backups.Restore(ctx, cmd.File, func(records ports.Records) (err error) {
		result.Ended, err = endEverySession(records, event, now)
		return err
	})
	if err != nil {
		return RestoreBackupResult{}, err
	}
	return result, nil
}
