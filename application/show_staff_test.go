package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestShowStaff(t *testing.T) {
	s := open(t, person(1), person(2, inactive))
	for _, email := range []string{"Person2@example.test", "PERSON2@EXAMPLE.TEST"} {
		if got := execute(s, s.showStaff(), application.ShowStaffQuery{Email: email}); got.Staff != s.staff(2) {
			t.Errorf("%q shows %+v, want person 2", email, got)
		}
	}
	for _, email := range []string{"", "nobody@example.test"} {
		refuse(s, s.showStaff(), application.ShowStaffQuery{Email: email}, domain.ErrStaffNotFound)
	}
	s.mustAudit()
	s.breakFrom(1)
	refuse(s, s.showStaff(), application.ShowStaffQuery{Email: address(1)}, domain.ErrUnavailable)
}
