package audit_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/application/audit"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestListAuditEvents(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	s.SignIn(1)
	s.Clock.Advance(time.Minute)
	pair := s.SignIn(2)
	s.Clock.Advance(time.Minute)
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Wrong), domain.ErrInvalidCredentials)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh))

	type query = audit.ListAuditEventsQuery
	type filter = ports.AuditFilter
	for name, test := range map[string]struct {
		query query
		want  []int64 // sequences
	}{
		"all":                {query{}, []int64{4, 3, 2, 1}},
		"newest":             {query{Filter: filter{Limit: 2}}, []int64{4, 3}},
		"address":            {query{Email: apptest.Address(1)}, []int64{3, 1}},
		"address, any case":  {query{Email: "PERSON2@EXAMPLE.TEST"}, []int64{4, 2}},
		"address and kind":   {query{Email: apptest.Address(2), Filter: filter{Kind: domain.EventSignOut}}, []int64{4}},
		"address and limit":  {query{Email: apptest.Address(1), Filter: filter{Limit: 1}}, []int64{3}},
		"outcome":            {query{Filter: filter{Outcome: domain.OutcomeFailure}}, []int64{3}},
		"time":               {query{Filter: filter{Since: porttest.Noon.Add(time.Minute), Until: porttest.Noon.Add(2 * time.Minute)}}, []int64{2}},
		"id":                 {query{Filter: filter{Staff: apptest.Id(2)}}, []int64{4, 2}},
		"the address counts": {query{Email: apptest.Address(1), Filter: filter{Staff: apptest.Id(2)}}, []int64{3, 1}},
		"nothing":            {query{Filter: filter{Kind: domain.EventStaffAdd}}, nil},
	} {
		var got []int64
		test.query.Client = porttest.Operator()
		for _, event := range apptest.Execute(s, s.ListAuditEvents(), test.query) {
			got = append(got, event.Sequence)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: events %v, want %v", name, got, test.want)
		}
	}
}

func TestListAuditEventsFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	for _, test := range []struct {
		calls int // from which on the store is broken
		query audit.ListAuditEventsQuery
		want  error
	}{
		{2, audit.ListAuditEventsQuery{Client: porttest.Operator(), Email: "nobody@example.test"}, domain.ErrStaffNotFound},
		{1, audit.ListAuditEventsQuery{Client: porttest.Operator()}, domain.ErrUnavailable},
	} {
		s.BreakFrom(test.calls)
		if got, err := s.ListAuditEvents().Execute(t.Context(), test.query); !errors.Is(err, test.want) || got != nil {
			t.Errorf("the result is %+v, %v; want %v alone", got, err, test.want)
		}
	}
}
