package roster_test

import (
	"errors"
	"slices"
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestListStaff(t *testing.T) {
	s := apptest.Open(t)
	if got := apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()}); len(got) != 0 {
		t.Errorf("an empty shop has %+v", got)
	}
	first := apptest.Person(3, apptest.Inactive, func(p *domain.Staff) { p.Email = "aroha@example.test" })
	last := apptest.Person(1, func(p *domain.Staff) { p.Email = "ZOE@example.test" })
	second := apptest.Person(2)
	for _, staff := range []domain.Staff{last, second, first} {
		s.Save(staff)
	}
	if got := apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()}); !slices.Equal(got, []domain.Staff{first, second, last}) {
		t.Errorf("the list is %+v, want all three in the order of addresses", got)
	}
	for limit, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 9: 3} {
		got := apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator(), Limit: limit})
		if !slices.Equal(got, []domain.Staff{first, second, last}[:want]) {
			t.Errorf("of at most %d the list is %+v, want the first %d", limit, got, want)
		}
	}
	s.BreakFrom(1)
	if got, err := s.ListStaff().Execute(t.Context(), roster.ListStaffQuery{Client: porttest.Operator()}); !errors.Is(err, domain.ErrUnavailable) || got != nil {
		t.Errorf("a broken store lists %+v, %v; want ErrUnavailable alone", got, err)
	}
}
