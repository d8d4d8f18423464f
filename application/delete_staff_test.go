package application_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestDeleteStaff(t *testing.T) {
	s := open(t, person(1))
	pair, django := s.signIn(1), s.django(domain.RefreshToken, 1)
	s.skipAudit()
	before := s.staff(1)
	cmd := application.DeleteStaffCommand{Email: address(1), Client: porttest.Client()}
	if got := execute(s, s.deleteStaff(), cmd); got != (application.StaffChange{Staff: before, Changed: true}) {
		t.Errorf("the result is %+v, want the account as it was", got)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffDelete, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	s.mustHaveSessions(0)
	refuse(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}, domain.ErrStaffNotFound)
	for _, token := range []domain.Token{pair.Refresh, django} {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrStaffNotFound)
	}
	s.mustAccess(pair.Access, domain.ErrStaffNotFound)
	refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)

	// What happened stays under the id, also when somebody gets the address anew.
	s.save(person(2, func(p *domain.Staff) { p.Email = before.Email }))
	s.mustAccess(pair.Access, domain.ErrStaffNotFound)
	ofThePerson := application.ListAuditEventsQuery{Filter: ports.AuditFilter{Staff: id(1), Outcome: domain.OutcomeSuccess}}
	if got := execute(s, s.listAuditEvents(), ofThePerson); len(got) != 2 {
		t.Errorf("%d events are left of the person, want the sign-in and the deletion", len(got))
	}
}

// Who comes back under the same id gets nothing of what worked before: no token of Django's
// that was signed out or used, no link, no letter, and no password that is being compared.
func TestWhoWasDeletedComesBackWithoutTheOldSignIns(t *testing.T) {
	s := open(t)
	execute(s, s.importStaff(), importOf(row(1)))
	signedOut, used, fresh := s.djangoNumber(1), s.djangoNumber(2), s.djangoNumber(3)
	for _, token := range []domain.Token{signedOut, used} {
		execute(s, s.refreshAccess(), refreshWith(token))
	}
	execute(s, s.blacklistToken(), blacklist(signedOut))
	own := s.signIn(1)
	execute(s, s.requestReset(), resetOf(address(1)))
	s.plantLink(1, "a link from before")
	version := s.staff(1).Credentials.Version

	s.clock.Advance(time.Minute)
	execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1), Client: porttest.Client()})
	deleted := s.clock.Now()
	if waiting := s.letters(1); len(waiting) > 0 {
		t.Errorf("letters to the deleted wait: %v", waiting)
	}
	s.clock.Advance(time.Minute)
	s.skipAudit()
	result := execute(s, s.importStaff(), importOf(row(1), row(2)))
	if !result.Rows[0].DeletedAt.Equal(deleted) || !result.Rows[1].DeletedAt.IsZero() {
		t.Errorf("the rows say deleted at %v and %v, want %v and never", result.Rows[0].DeletedAt, result.Rows[1].DeletedAt, deleted)
	}
	s.mustAudit(importEvent(1, domain.ReasonDeletedEarlier), importEvent(2, domain.ReasonAdded))
	if got := s.staff(1); got.Credentials.Version <= version || got.SessionsEndedAt.Before(deleted) {
		t.Errorf("the account is %+v; want a later version than %d, and all that was before %v ended", got, version, deleted)
	}

	for _, token := range []domain.Token{signedOut, used, fresh, own.Refresh} {
		if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(token)); !domain.IsRefusal(err) {
			t.Errorf("a token from before gives access: %v", err)
		}
	}
	s.mustAccess(own.Access, domain.ErrSessionNotFound)
	refuse(s, s.confirmReset(), confirm(1, "a link from before", newPassword), domain.ErrLinkInvalid)
	execute(s, s.refreshAccess(), refreshWith(s.signIn(1).Refresh))
	s.clock.Advance(2 * time.Minute)
	execute(s, s.refreshAccess(), refreshWith(s.djangoNumber(4))) // issued a minute ago
}

// The clock of Django's machine may be ahead, or ours may be put back.
func TestWhoWasDeletedComesBackWhateverTheClocks(t *testing.T) {
	s := open(t)
	s.policy.Leeway = 5 * time.Minute
	execute(s, s.importStaff(), importOf(row(1)))
	ahead := s.alter(s.djangoNumber(1), func(c *domain.Claims) { c.IssuedAt = s.clock.Now().Add(4 * time.Minute) })
	execute(s, s.refreshAccess(), refreshWith(ahead))
	execute(s, s.blacklistToken(), blacklist(ahead))
	execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1)})
	s.clock.Advance(-time.Hour)
	execute(s, s.importStaff(), importOf(row(1)))
	s.clock.Advance(2 * time.Hour)
	if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(ahead)); !errors.Is(err, domain.ErrSessionEnded) {
		t.Errorf("a token that was signed out gives access: %v", err)
	}
}

// Deleted and imported again while a password is being compared: that was another account's.
func TestSignInWhileThePersonIsDeletedAndComesBack(t *testing.T) {
	s := open(t)
	execute(s, s.importStaff(), importOf(row(1)))
	s.passwords = meanwhile{&s.hasher, func() {
		execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1)})
		execute(s, s.importStaff(), importOf(row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(hashOf(newPassword)) })))
	}}
	if _, err := s.obtainTokens().Execute(t.Context(), signInAs(1, password)); !errors.Is(err, domain.ErrInvalidCredentials) {
		t.Errorf("signing in with the password of the deleted account: %v", err)
	}
	s.mustHaveSessions(0)
}

// An account that is added under the address of the deleted is another person's.
func TestAddStaffUnderTheAddressOfTheDeleted(t *testing.T) {
	s := open(t)
	s.staffID()
	execute(s, s.importStaff(), importOf(row(1)))
	s.plantLink(1, "a link from before")
	execute(s, s.deleteStaff(), application.DeleteStaffCommand{Email: address(1)})
	added := execute(s, s.addStaff(), application.AddStaffCommand{Profile: person(1).Profile})
	if added.Staff.ID == id(1) {
		t.Fatal("the account has the id of the deleted")
	}
	refuse(s, s.confirmReset(), confirm(1, "a link from before", newPassword), domain.ErrLinkInvalid)
	refuse(s, s.confirmReset(), confirm(2, "a link from before", newPassword), domain.ErrLinkInvalid)
}
