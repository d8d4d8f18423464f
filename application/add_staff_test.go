package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestAddStaff(t *testing.T) {
	s := open(t)
	got := execute(s, s.addStaff(), application.AddStaffCommand{Profile: person(1).Profile, Client: porttest.Client()})
	if want := (application.StaffChange{Staff: porttest.Person(1), Changed: true}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	if stored := s.staff(1); stored != got.Staff {
		t.Errorf("the account is stored as %+v, want %+v", stored, got.Staff)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffAdd, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	refuse(s, s.obtainTokens(), signInAs(1, ""), domain.ErrInvalidCredentials)

	execute(s, s.setPassword(), application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(newPassword)})
	execute(s, s.obtainTokens(), signInAs(1, newPassword))
}

func TestAddStaffRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*domain.Profile)
		want   error
	}{
		"bad address":        {func(p *domain.Profile) { p.Email = "nobody" }, domain.ErrInvalidStaff},
		"bad name":           {func(p *domain.Profile) { p.LastName = "\xff" }, domain.ErrInvalidStaff},
		"same address":       {func(*domain.Profile) {}, domain.ErrEmailTaken},
		"same in other case": {func(p *domain.Profile) { p.Email = "PERSON1@EXAMPLE.TEST" }, domain.ErrEmailTaken},
	} {
		s := open(t, person(1))
		s.staffID() // the first id is taken
		profile := person(1).Profile
		test.change(&profile)
		got, err := s.addStaff().Execute(t.Context(), application.AddStaffCommand{Profile: profile, Client: porttest.Client()})
		mustFail(t, name, got, err, test.want)
		s.mustAudit()
		if all := execute(s, s.listStaff(), application.ListStaffQuery{}); len(all) != 1 {
			t.Errorf("%s: %d accounts are stored, want 1", name, len(all))
		}
	}
}
