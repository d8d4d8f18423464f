package upkeep_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Which sessions are over depends on the moment of the question, so the clock is part of it.
func TestDescribeStore(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	began := s.Clock.Now()
	s.SignIn(1)
	s.Clock.Advance(time.Minute)
	over := s.SignIn(2)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	s.FillOutbox(domain.MailPasswordSet, 3)
	apptest.Execute(s, upkeep.NewOptimizeStore(&s.Store, s.Clock.Now), upkeep.OptimizeStoreCommand{})
	describe := upkeep.NewDescribeStore(&s.Store, s.Clock.Now)

	before := s.Contents()
	got := apptest.Execute(s, describe, upkeep.DescribeStoreQuery{})
	want := ports.StoreReport{
		Engine: "memory", Staff: 2, Running: 1, Over: 1, Outbox: 3,
		First: ports.AuditMoment{Sequence: 1, At: began}, Last: ports.AuditMoment{Sequence: 3, At: s.Clock.Now()},
		Runs: []ports.HousekeepingRun{{Task: ports.TaskOptimize, At: s.Clock.Now()}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the store is described as\n%+v, want\n%+v", got, want)
	}
	s.MustStillBe(before)

	s.Clock.Advance(s.Policy.SessionLifetime)
	if got := apptest.Execute(s, describe, upkeep.DescribeStoreQuery{}); got.Running != 0 || got.Over != 2 {
		t.Errorf("after the lifetime of a session %d run and %d are over, want 0 and 2", got.Running, got.Over)
	}
}

func TestDescribeStoreFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.BreakFrom(1)
	got, err := upkeep.NewDescribeStore(&s.Store, s.Clock.Now).Execute(t.Context(), upkeep.DescribeStoreQuery{})
	if !errors.Is(err, domain.ErrUnavailable) || !reflect.DeepEqual(got, ports.StoreReport{}) {
		t.Errorf("the result is %+v, %v; want ErrUnavailable alone", got, err)
	}
}
