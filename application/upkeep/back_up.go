package upkeep

import (
	"context"

	"gatehouse/ports"
)

// BackUp lets an operator copy everything into a file, while the service goes on.
//
// Errors: [gatehouse/domain.ErrBackupRefused], [gatehouse/domain.ErrTrailBroken].
type BackUp struct {
	backups ports.Backups
}

// BackUpCommand says where to.
type BackUpCommand struct {
	File ports.BackupFile
}

// NewBackUp makes the use case.
func NewBackUp(backups ports.Backups) *BackUp { return &BackUp{backups} }

// Execute implements [ports.UseCase].
func (u *BackUp) Execute(ctx context.Context, cmd BackUpCommand) (ports.BackupReport, error) {
	return u.backups.Backup(ctx, cmd.File)
}
