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

func fromTo(first, last int64) (all []int64) {
	for n := first; n <= last; n++ {
		all = append(all, n)
	}
	return all
}

func TestExportAuditEvents(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	if got := s.Export(apptest.ExportQuery{Client: porttest.Operator()}); got != nil {
		t.Errorf("of an empty trail %v is exported", got)
	}
	s.SignIn(1)
	s.Clock.Advance(time.Minute)
	pair := s.SignIn(2)
	s.Clock.Advance(time.Minute)
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Wrong), domain.ErrInvalidCredentials)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh))

	type filter = ports.AuditFilter
	for name, test := range map[string]struct {
		query apptest.ExportQuery
		want  []int64
	}{
		"all":        {apptest.ExportQuery{Client: porttest.Operator()}, []int64{1, 2, 3, 4}},
		"limit":      {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Limit: 2}}, []int64{1, 2}},
		"e-mail":     {apptest.ExportQuery{Client: porttest.Operator(), Email: "PERSON1@EXAMPLE.TEST"}, []int64{1, 3}},
		"id":         {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Staff: apptest.Id(2)}}, []int64{2, 4}},
		"kind":       {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Kind: domain.EventSignOut}}, []int64{4}},
		"outcome":    {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Outcome: domain.OutcomeFailure}}, []int64{3}},
		"time":       {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Since: porttest.Noon.Add(time.Minute), Until: porttest.Noon.Add(2 * time.Minute)}}, []int64{2}},
		"everything": {apptest.ExportQuery{Client: porttest.Operator(), Email: apptest.Address(2), Filter: filter{Kind: domain.EventSignIn, Limit: 9}}, []int64{2}},
		"nothing":    {apptest.ExportQuery{Client: porttest.Operator(), Filter: filter{Kind: domain.EventStaffAdd}}, nil},
	} {
		if got := s.Export(test.query); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// A page is of 1000 events, and ends where it does.
func TestExportInPages(t *testing.T) {
	s := apptest.Open(t)
	for _, n := range []int64{999, 1000, 1001, 2001} {
		s.WriteEvents(int(n - s.TrailLength()))
		if got := s.Export(apptest.ExportQuery{Client: porttest.Operator()}); !slices.Equal(got, fromTo(1, n)) {
			t.Errorf("of %d events %d are exported", n, len(got))
		}
	}
	if got := s.Export(apptest.ExportQuery{Client: porttest.Operator(), Filter: ports.AuditFilter{Since: s.Clock.Now()}}); !slices.Equal(got, []int64{2001}) {
		t.Errorf("of pages without a match comes %v", got)
	}
	s.Retire(1500)
	if got := s.Export(apptest.ExportQuery{Client: porttest.Operator()}); !slices.Equal(got, fromTo(1501, 2001)) {
		t.Errorf("of the 501 that are left %d are exported", len(got))
	}
	s.Retire(2001)
	if got := s.Export(apptest.ExportQuery{Client: porttest.Operator()}); got != nil {
		t.Errorf("when none is left %v is exported", got)
	}
}

// The service goes on while the trail is exported.
func TestExportMeanwhile(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(2500)
	s.Front = &apptest.Beside{Store: &s.Store, Happen: func(view int) {
		s.WriteEvents(1000)
		if view == 2 { // the first finds out what there is
			s.Retire(1700)
		}
	}}
	if got := s.Export(apptest.ExportQuery{Client: porttest.Operator()}); !slices.Equal(got, slices.Concat(fromTo(1, 1000), fromTo(1701, 2500))) {
		t.Errorf("%d events are exported", len(got))
	}
}

func TestExportAuditEventsFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	full := errors.New("no space left")
	for name, test := range map[string]struct {
		query apptest.ExportQuery
		want  error
	}{
		"nobody": {apptest.ExportQuery{Client: porttest.Operator(), Email: "nobody@example.test"}, domain.ErrStaffNotFound},
		"write":  {apptest.ExportQuery{Client: porttest.Operator(), Write: func(domain.SealedEvent) error { return full }}, full},
	} {
		got, err := s.ExportAuditEvents().Execute(t.Context(), test.query)
		if !errors.Is(err, test.want) || got != (audit.ExportAuditEventsResult{}) {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, test.want)
		}
	}
	for calls := 1; calls <= 5; calls++ { // View, ByEmail, Head; View, Trail
		store := &apptest.Faulty{Store: &s.Store, Calls: calls}
		s.Front = store
		_, err := s.ExportAuditEvents().Execute(t.Context(), apptest.ExportQuery{Client: porttest.Operator(), Email: apptest.Address(1), Write: func(domain.SealedEvent) error { return nil }})
		if !store.Failed || !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("with a fault at call %d: %v", calls, err)
		}
	}
}

// What an event was cannot be told once somebody has changed how it is stored: the events
// before it are written, and the export says at which it ends.
func TestExportOfAnAlteredEvent(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(5)
	s.Front = apptest.Tampered{Store: &s.Store, Spoil: func(e *domain.SealedEvent) { e.Altered = e.Sequence == 4 }}
	var written int
	_, err := s.ExportAuditEvents().Execute(t.Context(), audit.ExportAuditEventsQuery{
		Client: porttest.Operator(),
		Filter: ports.AuditFilter{Kind: domain.EventSignIn},
		Write:  func(domain.SealedEvent) error { written++; return nil },
	})
	if damage, _ := errors.AsType[*domain.TrailBreak](err); damage == nil || damage.Sequence != 4 || written != 3 {
		t.Errorf("%d events are written, then %v; want 3, then event 4", written, err)
	}
}
