package application_test

import (
	"testing"

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
