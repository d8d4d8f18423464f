package upkeep

import (
	"context"

	"gatehouse/ports"
)

// BackUp copies the whole store into a new file for an operator, while the service goes on. An existing
// file is refused.
//
// Errors: [gatehouse/domain.ErrBackupRefused], [gatehouse/domain.ErrTrailBroken].
type BackUp struct {
	backups ports.Backups
}

// BackUpCommand names the new file.
type BackUpCommand struct {
	File ports.BackupFile
}

// NewBackUp makes the use case.
func NewBackUp(backups ports.Backups) *BackUp { return &BackUp{backups} }

// Execute implements [ports.UseCase].
func (u *BackUp) Execute(ctx context.Context, cmd BackUpCommand) (ports.BackupReport, error) {
	return u.backups.Backup(ctx, cmd.File)
}
