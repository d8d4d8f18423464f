package upkeep

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RestoreBackup puts a backup in the place of the store, for an operator. It ends all sessions in the
// backup, and revokes all tokens of the shop's Django issued until now, before anybody can use them.
// Somebody who signed out after the backup was made therefore stays signed out.
//
// Errors: [domain.ErrBackupRefused], [domain.ErrTrailBroken].
type RestoreBackup struct {
	backups ports.Backups
	clock   ports.Clock
}

// RestoreBackupCommand names the backup.
type RestoreBackupCommand struct {
	File   ports.BackupFile
	Client domain.Client
}

// NewRestoreBackup makes the use case.
func NewRestoreBackup(backups ports.Backups, clock ports.Clock) *RestoreBackup {
	return &RestoreBackup{backups, clock}
}

// RestoreBackupResult says what was restored.
type RestoreBackupResult struct {
	ports.RestoreReport
	Ended int // sessions
}

// Execute implements [ports.UseCase].
func (u *RestoreBackup) Execute(ctx context.Context, cmd RestoreBackupCommand) (result RestoreBackupResult, err error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventDatabaseRestore, cmd.Client, now)
	result.RestoreReport, err = u.backups.Restore(ctx, cmd.File, func(records ports.Records) (err error) {
		result.Ended, err = endEverySession(records, event, now)
		return err
	})
	return steps.Result(result, err)
}
