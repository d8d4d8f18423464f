package application_test

import (
	"errors"
	"slices"
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestListStaff(t *testing.T) {
	s := open(t)
	if got := execute(s, s.listStaff(), application.ListStaffQuery{}); len(got) != 0 {
		t.Errorf("an empty shop has %+v", got)
	}
	first := person(3, inactive, func(p *domain.Staff) { p.Email = "aroha@example.test" })
	last := person(1, func(p *domain.Staff) { p.Email = "ZOE@example.test" })
	second := person(2)
	for _, staff := range []domain.Staff{last, second, first} {
		s.save(staff)
	}
	if got := execute(s, s.listStaff(), application.ListStaffQuery{}); !slices.Equal(got, []domain.Staff{first, second, last}) {
		t.Errorf("the list is %+v, want all three in the order of addresses", got)
	}
	for limit, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 9: 3} {
		got := execute(s, s.listStaff(), application.ListStaffQuery{Limit: limit})
		if !slices.Equal(got, []domain.Staff{first, second, last}[:want]) {
			t.Errorf("of at most %d the list is %+v, want the first %d", limit, got, want)
		}
	}
	s.breakFrom(1)
	if got, err := s.listStaff().Execute(t.Context(), application.ListStaffQuery{}); !errors.Is(err, domain.ErrUnavailable) || got != nil {
		t.Errorf("a broken store lists %+v, %v; want ErrUnavailable alone", got, err)
	}
}
