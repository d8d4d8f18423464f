package roster_test

import (
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestShowStaff(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
	for _, email := range []string{"Person2@example.test", "PERSON2@EXAMPLE.TEST"} {
		if got := apptest.Execute(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: email}); got.Staff != s.Staff(2) {
			t.Errorf("%q shows %+v, want person 2", email, got)
		}
	}
	for _, email := range []string{"", "nobody@example.test"} {
		apptest.Refuse(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: email}, domain.ErrStaffNotFound)
	}
	s.MustAudit()
	s.BreakFrom(1)
	apptest.Refuse(s, s.ShowStaff(), roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(1)}, domain.ErrUnavailable)
}
