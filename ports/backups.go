package ports

import (
	"context"
	"time"
)

// Backups are copies of a [Store], each in a file of its own. The keys for tokens and for the
// audit trail are not in them.
type Backups interface {
	// Backup writes the store to a new file, as it is at one instant. Others go on changing the
	// store meanwhile. It reads all of the copy again before it signs it. A backup that fails
	// leaves nothing behind.
	//
	// Errors: [gatehouse/domain.ErrBackupRefused], also if the file exists;
	// [gatehouse/domain.ErrTrailBroken].
	Backup(ctx context.Context, file BackupFile) (BackupReport, error)
	// Restore reads all of a backup, applies change to a copy, and puts the copy in the place of
	// the store. The store must not be open anywhere meanwhile. At every instant the store is
	// either the old one or the changed copy, also if the process or the machine dies.
	//
	// Errors: that of change; [gatehouse/domain.ErrBackupRefused], also if the store is open
	// somewhere; [gatehouse/domain.ErrTrailBroken].
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
	// BrokenTrail takes a file whose audit trail is broken, or that was changed after Backup had
	// signed it. Both are refused otherwise.
	BrokenTrail bool
	// SideFiles takes the files along that a store in use keeps beside its own. A copy of its
	// folder has them, too. They are refused otherwise, because anybody who can make files in
	// that folder could have put them there. Only Restore asks.
	SideFiles bool
	// UnsignedCopy takes a copy that Backup has not signed: one of an earlier version, or one
	// made by other means. It is refused otherwise, because nothing proves that its accounts are
	// as they were. Only Restore asks.
	UnsignedCopy bool
}

// A BackupReport counts what is in a backup.
type BackupReport struct {
	Staff, Sessions, Events int64
	// Newest is when the newest audit event happened; zero if there is none.
	Newest time.Time
	Size   int64 // of the file in bytes
}

// A RestoreReport tells what was restored.
type RestoreReport struct {
	BackupReport // of what was in the file
	// Kept is the path where the earlier store is kept; "" if there was none.
	Kept string
	// Unsigned: the file had no signature of Backup.
	Unsigned bool
}
