package upkeep_test

import (
	"testing"

	"gatehouse/adapters/memory"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A backup holds what is stored at that moment, and taking it changes nothing.
func TestBackUp(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	backups := &memory.Backups{Of: &s.Store}
	s.SignIn(1)
	before := s.Contents()
	report := s.BackUp(backups)
	if report.Staff != 2 || report.Sessions != 1 || report.Events != 1 || !report.Newest.Equal(s.Clock.Now()) {
		t.Errorf("the backup holds %+v, want 2 accounts, 1 session and its event of %v", report, s.Clock.Now())
	}
	s.MustStillBe(before)

	s.SignIn(2)
	later := apptest.Execute(s, upkeep.NewBackUp(backups), upkeep.BackUpCommand{File: ports.BackupFile{Path: "later"}})
	if later.Sessions != 2 || later.Events != 2 {
		t.Errorf("the later backup holds %+v, want 2 sessions and 2 events", later)
	}
}

// A backup never takes the place of another.
func TestBackUpRefused(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	backups := &memory.Backups{Of: &s.Store}
	first := s.BackUp(backups)
	s.SignIn(1)
	apptest.Refuse(s, upkeep.NewBackUp(backups), upkeep.BackUpCommand{File: apptest.File}, domain.ErrBackupRefused)
	restored := apptest.Execute(s, upkeep.NewRestoreBackup(backups, s.Clock.Now), upkeep.RestoreBackupCommand{File: apptest.File})
	if restored.BackupReport != first {
		t.Errorf("the file holds %+v, want the first backup: %+v", restored.BackupReport, first)
	}
}

func TestBackUpFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	backups := &memory.Backups{Of: &s.Store}
	s.BreakFrom(1)
	apptest.Refuse(s, upkeep.NewBackUp(backups), upkeep.BackUpCommand{File: apptest.File}, domain.ErrUnavailable)
	s.Repair()
	s.BackUp(backups) // the failed one has left no file behind
}
