package upkeep_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRestoreBackup(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	backups := &memory.Backups{Of: &s.Store}
	signedOut, running := s.SignIn(1), s.SignIn(2)
	django, access := s.Django(domain.RefreshToken, 1), s.Django(domain.AccessToken, 1)
	saved := s.BackUp(backups)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(signedOut.Access))
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(django))
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(django))
	s.Save(apptest.Person(3))
	s.Clock.Advance(time.Minute)

	restore := upkeep.NewRestoreBackup(backups, s.Clock.Now)
	got := apptest.Execute(s, restore, upkeep.RestoreBackupCommand{File: apptest.File, Client: porttest.Client()})
	if got.BackupReport != saved || got.Ended != 2 || got.Kept == "" {
		t.Errorf("the result is %+v, want %+v with 2 sessions that were ended", got, saved)
	}
	if staff := apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()}); len(staff) != 2 {
		t.Errorf("%d accounts are there, want the 2 of then", len(staff))
	}
	s.Seen = 2 // the sign-ins that are in the backup
	s.MustAudit(domain.AuditEvent{Kind: domain.EventDatabaseRestore, Outcome: domain.OutcomeSuccess})
	s.MustBeOverForGood(signedOut, running)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
	s.MustAccess(access, domain.ErrSessionEnded)
	s.MustAccess(s.SignIn(1).Access, nil)
}

func TestRestoreBackupRefused(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	backups := &memory.Backups{Of: &s.Store}
	before := s.Contents()
	restore := upkeep.NewRestoreBackup(backups, s.Clock.Now)
	apptest.Refuse(s, restore, upkeep.RestoreBackupCommand{File: apptest.File}, domain.ErrBackupRefused)
	s.BackUp(backups)
	apptest.Refuse(s, upkeep.NewBackUp(backups), upkeep.BackUpCommand{File: apptest.File}, domain.ErrBackupRefused)
	s.MustStillBe(before)
}

// Without its audit event nothing is restored.
func TestRestoreBackupFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	backups := &memory.Backups{Of: &s.Store}
	s.BackUp(backups)
	s.SignIn(1)
	before := s.Contents()
	for n := 1; n <= 2; n++ {
		store := &apptest.Faulty{Calls: n}
		restore := upkeep.NewRestoreBackup(apptest.FaultyBackups{Backups: backups, Faulty: store}, s.Clock.Now)
		got, err := restore.Execute(t.Context(), upkeep.RestoreBackupCommand{File: apptest.File})
		if !errors.Is(err, domain.ErrUnavailable) || got != (upkeep.RestoreBackupResult{}) {
			t.Errorf("call %d has failed: %+v, %v; want ErrUnavailable alone", n, got, err)
		}
		s.MustStillBe(before)
	}
}
