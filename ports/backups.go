package ports

import (
	"context"
	"time"
)

// Backups are copies of a [Store], each in a file of its own. What signs tokens and what
// seals the audit trail is not in them.
type Backups interface {
	// Backup writes the store to a new file, as it is at one instant while others go on
	// changing it. It reads all of the copy again before it signs it.
	//
	// Errors: [gatehouse/domain.ErrBackupRefused], also if there is such a file;
	// [gatehouse/domain.ErrTrailBroken]. Nothing is left of a backup that has failed.
	Backup(ctx context.Context, file BackupFile) (BackupReport, error)
	// Restore reads all of a backup, applies change to a copy, and puts that in the place of
	// the store, which nobody may have open meanwhile. The store is at every instant either
	// what it was or the copy with the change, also if the process or the machine dies.
	//
	// Errors: that of change; [gatehouse/domain.ErrBackupRefused], also if somebody has the
	// store open; [gatehouse/domain.ErrTrailBroken].
	Restore(ctx context.Context, file BackupFile, change func(Records) error) (RestoreReport, error)
}

// A LeftFile is wrapped by the error of a backup that has failed and could not remove its file.
type LeftFile struct {
	Path string // of a file that is empty
}

// Error says what to do.
func (l *LeftFile) Error() string {
	return "the empty file " + l.Path + " is left, because the account of the service may not remove it: remove it"
}

// A BackupFile is a backup by its path.
type BackupFile struct {
	Path string
	// BrokenTrail takes it although its audit trail is broken, or the file was changed after
	// Backup had signed it. Both are refused otherwise.
	BrokenTrail bool
	// SideFiles takes along what a store that is in use keeps in files beside its own, and a
	// copy of its files has as well. It is refused otherwise, because anybody who can make
	// files in that folder could have put it there. Only Restore asks.
	SideFiles bool
	// UnsignedCopy takes a copy that Backup has not signed, such as one of an earlier version or
	// one that was made by other means. It is refused otherwise, because nothing shows that the
	// accounts in it are as they were. Only Restore asks.
	UnsignedCopy bool
}

// A BackupReport tells what is in a backup.
type BackupReport struct {
	Staff, Sessions, Events int64
	// Newest is when the newest audit event happened; zero if there is none.
	Newest time.Time
	Size   int64 // of the file in bytes
}

// A RestoreReport tells what was restored.
type RestoreReport struct {
	BackupReport // of what was in the file
	// Kept is where the store is kept as it was before; "" if there was none.
	Kept string
	// Unsigned: Backup has not signed the file.
	Unsigned bool
}
