package roster_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application/audit"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestDeleteStaff(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair, django := s.SignIn(1), s.Django(domain.RefreshToken, 1)
	s.SkipAudit()
	before := s.Staff(1)
	cmd := roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	if got := apptest.Execute(s, s.DeleteStaff(), cmd); got != (domain.StaffChange{Staff: before, Changed: true}) {
		t.Errorf("the result is %+v, want the account as it was", got)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffDelete, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	s.MustHaveSessions(0)
	apptest.Refuse(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(1)}, domain.ErrStaffNotFound)
	for _, token := range []domain.Token{pair.Refresh, django} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrStaffNotFound)
	}
	s.MustAccess(pair.Access, domain.ErrStaffNotFound)
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)

	// What happened stays under the id, also when somebody gets the address anew.
	s.Save(apptest.Person(2, func(p *domain.Staff) { p.Email = before.Email }))
	s.MustAccess(pair.Access, domain.ErrStaffNotFound)
	ofThePerson := audit.ListAuditEventsQuery{Client: porttest.Operator(), Filter: ports.AuditFilter{Staff: apptest.Id(1), Outcome: domain.OutcomeSuccess}}
	if got := apptest.Execute(s, s.ListAuditEvents(), ofThePerson); len(got) != 2 {
		t.Errorf("%d events are left of the person, want the sign-in and the deletion", len(got))
	}
}

// Who comes back under the same id gets nothing of what worked before: no token of Django's
// that was signed out or used, no link, no letter, and no password that is being compared.
func TestWhoWasDeletedComesBackWithoutTheOldSignIns(t *testing.T) {
	s := apptest.Open(t)
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	signedOut, used, fresh := s.DjangoNumber(1), s.DjangoNumber(2), s.DjangoNumber(3)
	for _, token := range []domain.Token{signedOut, used} {
		apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
	}
	apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(signedOut))
	own := s.SignIn(1)
	apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(apptest.Address(1)))
	s.PlantLink(1, "a link from before")
	version := s.Staff(1).Credentials.Version

	s.Clock.Advance(time.Minute)
	apptest.Execute(s, s.DeleteStaff(), roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	deleted := s.Clock.Now()
	if waiting := s.Letters(1); len(waiting) > 0 {
		t.Errorf("letters to the deleted wait: %v", waiting)
	}
	s.Clock.Advance(time.Minute)
	s.SkipAudit()
	result := apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1), apptest.Row(2)))
	if !result.Rows[0].DeletedAt.Equal(deleted) || !result.Rows[1].DeletedAt.IsZero() {
		t.Errorf("the rows say deleted at %v and %v, want %v and never", result.Rows[0].DeletedAt, result.Rows[1].DeletedAt, deleted)
	}
	s.MustAudit(importEvent(1, domain.ReasonDeletedEarlier), importEvent(2, domain.ReasonAdded))
	if got := s.Staff(1); got.Credentials.Version <= version || got.SessionsEndedAt.Before(deleted) {
		t.Errorf("the account is %+v; want a later version than %d, and all that was before %v ended", got, version, deleted)
	}

	for _, token := range []domain.Token{signedOut, used, fresh, own.Refresh} {
		if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(token)); !domain.IsRefusal(err) {
			t.Errorf("a token from before gives access: %v", err)
		}
	}
	s.MustAccess(own.Access, domain.ErrSessionNotFound)
	apptest.Refuse(s, s.ConfirmPasswordReset(), apptest.Confirm(1, "a link from before", apptest.NewPassword), domain.ErrLinkInvalid)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(s.SignIn(1).Refresh))
	s.Clock.Advance(2 * time.Minute)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(s.DjangoNumber(4))) // issued a minute ago
}

// The clock of Django's machine may be ahead, or ours may be put back.
func TestWhoWasDeletedComesBackWhateverTheClocks(t *testing.T) {
	s := apptest.Open(t)
	s.Policy.Leeway = 5 * time.Minute
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	ahead := s.Alter(s.DjangoNumber(1), func(c *domain.Claims) { c.IssuedAt = s.Clock.Now().Add(4 * time.Minute) })
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(ahead))
	apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(ahead))
	apptest.Execute(s, s.DeleteStaff(), roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	s.Clock.Advance(-time.Hour)
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	s.Clock.Advance(2 * time.Hour)
	if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(ahead)); !errors.Is(err, domain.ErrSessionEnded) {
		t.Errorf("a token that was signed out gives access: %v", err)
	}
}

// Deleted and imported again while a password is being compared: that was another account's.
func TestSignInWhileThePersonIsDeletedAndComesBack(t *testing.T) {
	s := apptest.Open(t)
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() {
		apptest.Execute(s, s.DeleteStaff(), roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
		apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(apptest.HashOf(apptest.NewPassword)) })))
	}}
	if _, err := s.ObtainTokens().Execute(t.Context(), apptest.SignInAs(1, apptest.Password)); !errors.Is(err, domain.ErrInvalidCredentials) {
		t.Errorf("signing in with the password of the deleted account: %v", err)
	}
	s.MustHaveSessions(0)
}

// An account that is added under the address of the deleted is another person's.
func TestAddStaffUnderTheAddressOfTheDeleted(t *testing.T) {
	s := apptest.Open(t)
	s.StaffID()
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	s.PlantLink(1, "a link from before")
	apptest.Execute(s, s.DeleteStaff(), roster.DeleteStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	added := apptest.Execute(s, s.AddStaff(), roster.AddStaffCommand{Profile: apptest.Person(1).Profile, Client: porttest.Operator()})
	if added.Staff.ID == apptest.Id(1) {
		t.Fatal("the account has the id of the deleted")
	}
	apptest.Refuse(s, s.ConfirmPasswordReset(), apptest.Confirm(1, "a link from before", apptest.NewPassword), domain.ErrLinkInvalid)
	apptest.Refuse(s, s.ConfirmPasswordReset(), apptest.Confirm(2, "a link from before", apptest.NewPassword), domain.ErrLinkInvalid)
}
