package application_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestListAuditEvents(t *testing.T) {
	s := open(t, person(1), person(2))
	s.signIn(1)
	s.clock.Advance(time.Minute)
	pair := s.signIn(2)
	s.clock.Advance(time.Minute)
	refuse(s, s.obtainTokens(), signInAs(1, wrong), domain.ErrInvalidCredentials)
	execute(s, s.signOut(), signOutWith(pair.Refresh))

	type query = application.ListAuditEventsQuery
	type filter = ports.AuditFilter
	for name, test := range map[string]struct {
		query query
		want  []int64 // sequences
	}{
		"all":                {query{}, []int64{4, 3, 2, 1}},
		"newest":             {query{Filter: filter{Limit: 2}}, []int64{4, 3}},
		"address":            {query{Email: address(1)}, []int64{3, 1}},
		"address, any case":  {query{Email: "PERSON2@EXAMPLE.TEST"}, []int64{4, 2}},
		"address and kind":   {query{Email: address(2), Filter: filter{Kind: domain.EventSignOut}}, []int64{4}},
		"address and limit":  {query{Email: address(1), Filter: filter{Limit: 1}}, []int64{3}},
		"outcome":            {query{Filter: filter{Outcome: domain.OutcomeFailure}}, []int64{3}},
		"time":               {query{Filter: filter{Since: porttest.Noon.Add(time.Minute), Until: porttest.Noon.Add(2 * time.Minute)}}, []int64{2}},
		"id":                 {query{Filter: filter{Staff: id(2)}}, []int64{4, 2}},
		"the address counts": {query{Email: address(1), Filter: filter{Staff: id(2)}}, []int64{3, 1}},
		"nothing":            {query{Filter: filter{Kind: domain.EventStaffAdd}}, nil},
	} {
		var got []int64
		for _, event := range execute(s, s.listAuditEvents(), test.query) {
			got = append(got, event.Sequence)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: events %v, want %v", name, got, test.want)
		}
	}
}

func TestListAuditEventsFails(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	for _, test := range []struct {
		calls int // from which on the store is broken
		query application.ListAuditEventsQuery
		want  error
	}{
		{2, application.ListAuditEventsQuery{Email: "nobody@example.test"}, domain.ErrStaffNotFound},
		{1, application.ListAuditEventsQuery{}, domain.ErrUnavailable},
	} {
		s.breakFrom(test.calls)
		if got, err := s.listAuditEvents().Execute(t.Context(), test.query); !errors.Is(err, test.want) || got != nil {
			t.Errorf("the result is %+v, %v; want %v alone", got, err, test.want)
		}
	}
}
