package memory

import (
	"context"
	"fmt"
	"sync"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Backups implements [ports.Backups] for a [Store]: its files are in memory too, and it
// does not look at audit trails. The zero Backups cannot be used; set Of.
type Backups struct {
	Of    *Store
	mu    sync.Mutex
	files map[string]state
}

var _ ports.Backups = (*Backups)(nil)

// Backup implements [ports.Backups].
func (b *Backups) Backup(ctx context.Context, file ports.BackupFile) (ports.BackupReport, error) {
	if err := b.Of.check(ctx); err != nil {
		return ports.BackupReport{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, exists := b.files[file.Path]; exists {
		return ports.BackupReport{}, fmt.Errorf("%w: %s exists", domain.ErrBackupRefused, file.Path)
	}
	b.Of.mu.RLock()
	defer b.Of.mu.RUnlock()
	if b.files == nil {
		b.files = map[string]state{}
	}
	b.files[file.Path] = b.Of.state
	return b.Of.state.report(), nil
}

// Restore implements [ports.Backups].
func (b *Backups) Restore(ctx context.Context, file ports.BackupFile, change func(ports.Records) error) (ports.RestoreReport, error) {
	if err := b.Of.check(ctx); err != nil {
		return ports.RestoreReport{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	saved, exists := b.files[file.Path]
	if !exists {
		return ports.RestoreReport{}, fmt.Errorf("%w: %s does not exist", domain.ErrBackupRefused, file.Path)
	}
	draft := saved.clone()
	if err := change(&records{state: &draft, key: b.Of.AuditKey}); err != nil {
		return ports.RestoreReport{}, err
	}
	b.Of.mu.Lock()
	defer b.Of.mu.Unlock()
	b.Of.state = draft
	return ports.RestoreReport{BackupReport: saved.report(), Kept: "before"}, nil
}

func (s state) report() ports.BackupReport {
	report := ports.BackupReport{
		Staff: int64(len(s.staff)), Sessions: int64(len(s.sessions)), Events: int64(len(s.events)), Size: 4096,
	}
	if len(s.events) > 0 {
		report.Newest = s.events[len(s.events)-1].At
	}
	return report
}
