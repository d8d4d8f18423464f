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

func fromTo(first, last int64) (all []int64) {
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
}

func TestExportAuditEvents(t *testing.T) {
	s := open(t, person(1), person(2))
	if got := s.export(exportQuery{}); got != nil {
		t.Errorf("of an empty trail %v is exported", got)
	}
	s.signIn(1)
	s.clock.Advance(time.Minute)
	pair := s.signIn(2)
	s.clock.Advance(time.Minute)
	refuse(s, s.obtainTokens(), signInAs(1, wrong), domain.ErrInvalidCredentials)
	execute(s, s.signOut(), signOutWith(pair.Refresh))

	type filter = ports.AuditFilter
	for name, test := range map[string]struct {
		query exportQuery
		want  []int64
	}{
		"all":        {exportQuery{}, []int64{1, 2, 3, 4}},
		"limit":      {exportQuery{Filter: filter{Limit: 2}}, []int64{1, 2}},
		"e-mail":     {exportQuery{Email: "PERSON1@EXAMPLE.TEST"}, []int64{1, 3}},
		"id":         {exportQuery{Filter: filter{Staff: id(2)}}, []int64{2, 4}},
		"kind":       {exportQuery{Filter: filter{Kind: domain.EventSignOut}}, []int64{4}},
		"outcome":    {exportQuery{Filter: filter{Outcome: domain.OutcomeFailure}}, []int64{3}},
		"time":       {exportQuery{Filter: filter{Since: porttest.Noon.Add(time.Minute), Until: porttest.Noon.Add(2 * time.Minute)}}, []int64{2}},
		"everything": {exportQuery{Email: address(2), Filter: filter{Kind: domain.EventSignIn, Limit: 9}}, []int64{2}},
		"nothing":    {exportQuery{Filter: filter{Kind: domain.EventStaffAdd}}, nil},
	} {
		if got := s.export(test.query); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// A page is of 1000 events, and ends where it does.
func TestExportInPages(t *testing.T) {
	s := open(t)
	for _, n := range []int64{999, 1000, 1001, 2001} {
		s.writeEvents(int(n - s.trailLength()))
		if got := s.export(exportQuery{}); !slices.Equal(got, fromTo(1, n)) {
			t.Errorf("of %d events %d are exported", n, len(got))
		}
	}
	if got := s.export(exportQuery{Filter: ports.AuditFilter{Since: s.clock.Now()}}); !slices.Equal(got, []int64{2001}) {
		t.Errorf("of pages without a match comes %v", got)
	}
	s.retire(1500)
	if got := s.export(exportQuery{}); !slices.Equal(got, fromTo(1501, 2001)) {
		t.Errorf("of the 501 that are left %d are exported", len(got))
	}
	s.retire(2001)
	if got := s.export(exportQuery{}); got != nil {
		t.Errorf("when none is left %v is exported", got)
	}
}

// The service goes on while the trail is exported.
func TestExportMeanwhile(t *testing.T) {
	s := open(t)
	s.writeEvents(2500)
	s.front = &beside{Store: &s.store, happen: func(view int) {
		s.writeEvents(1000)
		if view == 2 { // the first finds out what there is
			s.retire(1700)
		}
	}}
	if got := s.export(exportQuery{}); !slices.Equal(got, slices.Concat(fromTo(1, 1000), fromTo(1701, 2500))) {
		t.Errorf("%d events are exported", len(got))
	}
}

func TestExportAuditEventsFails(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	full := errors.New("no space left")
	for name, test := range map[string]struct {
		query exportQuery
		want  error
	}{
		"nobody": {exportQuery{Email: "nobody@example.test"}, domain.ErrStaffNotFound},
		"write":  {exportQuery{Write: func(domain.SealedEvent) error { return full }}, full},
	} {
		got, err := s.exportAuditEvents().Execute(t.Context(), test.query)
		if !errors.Is(err, test.want) || got != (application.ExportAuditEventsResult{}) {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, test.want)
		}
	}
	for calls := 1; calls <= 5; calls++ { // View, ByEmail, Head; View, Trail
		store := &faulty{Store: &s.store, calls: calls}
		s.front = store
		_, err := s.exportAuditEvents().Execute(t.Context(), exportQuery{Email: address(1), Write: func(domain.SealedEvent) error { return nil }})
		if !store.failed || !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("with a fault at call %d: %v", calls, err)
		}
	}
}

// What an event was cannot be told once somebody has changed how it is stored: the events
// before it are written, and the export says at which it ends.
func TestExportOfAnAlteredEvent(t *testing.T) {
	s := open(t)
	s.writeEvents(5)
	s.front = tampered{Store: &s.store, spoil: func(e *domain.SealedEvent) { e.Altered = e.Sequence == 4 }}
	var written int
	_, err := s.exportAuditEvents().Execute(t.Context(), application.ExportAuditEventsQuery{
		Filter: ports.AuditFilter{Kind: domain.EventSignIn},
		Write:  func(domain.SealedEvent) error { written++; return nil },
	})
	if damage, _ := errors.AsType[*domain.TrailBreak](err); damage == nil || damage.Sequence != 4 || written != 3 {
		t.Errorf("%d events are written, then %v; want 3, then event 4", written, err)
	}
}
