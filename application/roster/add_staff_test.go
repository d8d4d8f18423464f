package roster_test

import (
	"testing"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestAddStaff(t *testing.T) {
	s := apptest.Open(t)
	got := apptest.Execute(s, s.AddStaff(), roster.AddStaffCommand{Profile: apptest.Person(1).Profile, Client: porttest.Operator()})
	if want := (domain.StaffChange{Staff: porttest.Person(1), Changed: true}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	if stored := s.Staff(1); stored != got.Staff {
		t.Errorf("the account is stored as %+v, want %+v", stored, got.Staff)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffAdd, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, ""), domain.ErrInvalidCredentials)

	apptest.Execute(s, s.SetPassword(), credentials.SetPasswordCommand{Email: apptest.Address(1), Password: domain.NewPassword(apptest.NewPassword), Client: porttest.Operator()})
	apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword))
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
		s := apptest.Open(t, apptest.Person(1))
		s.StaffID() // the first id is taken
		profile := apptest.Person(1).Profile
		test.change(&profile)
		got, err := s.AddStaff().Execute(t.Context(), roster.AddStaffCommand{Profile: profile, Client: porttest.Operator()})
		apptest.MustFail(t, name, got, err, test.want)
		s.MustAudit()
		if all := apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()}); len(all) != 1 {
			t.Errorf("%s: %d accounts are stored, want 1", name, len(all))
		}
	}
}
