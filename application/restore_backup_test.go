package application_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRestoreBackup(t *testing.T) {
	s := open(t, person(1), person(2))
	backups := &memory.Backups{Of: &s.store}
	signedOut, running := s.signIn(1), s.signIn(2)
	django, access := s.django(domain.RefreshToken, 1), s.django(domain.AccessToken, 1)
	saved := s.backUp(backups)
	execute(s, s.signOut(), signOutWith(signedOut.Access))
	execute(s, s.refreshAccess(), refreshWith(django))
	execute(s, s.signOut(), signOutWith(django))
	s.save(person(3))
	s.clock.Advance(time.Minute)

	restore := application.NewRestoreBackup(backups, s.clock.Now)
	got := execute(s, restore, application.RestoreBackupCommand{File: file, Client: porttest.Client()})
	if got.BackupReport != saved || got.Ended != 2 || got.Kept == "" {
		t.Errorf("the result is %+v, want %+v with 2 sessions that were ended", got, saved)
	}
	if staff := execute(s, s.listStaff(), application.ListStaffQuery{}); len(staff) != 2 {
		t.Errorf("%d accounts are there, want the 2 of then", len(staff))
	}
	s.seen = 2 // the sign-ins that are in the backup
	s.mustAudit(domain.AuditEvent{Kind: domain.EventDatabaseRestore, Outcome: domain.OutcomeSuccess})
	s.mustBeOverForGood(signedOut, running)
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
	s.mustAccess(access, domain.ErrSessionEnded)
	s.mustAccess(s.signIn(1).Access, nil)
}

func TestRestoreBackupRefused(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	backups := &memory.Backups{Of: &s.store}
	before := s.contents()
	restore := application.NewRestoreBackup(backups, s.clock.Now)
	refuse(s, restore, application.RestoreBackupCommand{File: file}, domain.ErrBackupRefused)
	s.backUp(backups)
	refuse(s, application.NewBackUp(backups), application.BackUpCommand{File: file}, domain.ErrBackupRefused)
	s.mustStillBe(before)
}

// Without its audit event nothing is restored.
func TestRestoreBackupFails(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	backups := &memory.Backups{Of: &s.store}
	s.backUp(backups)
	s.signIn(1)
	before := s.contents()
	for n := 1; n <= 2; n++ {
		store := &faulty{calls: n}
		restore := application.NewRestoreBackup(faultyBackups{backups, store}, s.clock.Now)
		got, err := restore.Execute(t.Context(), application.RestoreBackupCommand{File: file})
		if !errors.Is(err, domain.ErrUnavailable) || got != (application.RestoreBackupResult{}) {
			t.Errorf("call %d has failed: %+v, %v; want ErrUnavailable alone", n, got, err)
		}
		s.mustStillBe(before)
	}
}
