package application_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const oneDay = 24 * time.Hour

var auditKey = domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))

// openOld is a shop whose trail is sealed, and that takes no tokens of the shop's Django.
func openOld(t *testing.T) *shop {
	s := open(t)
	s.store.AuditKey = auditKey
	s.policy.AcceptDjangoTokensUntil = time.Time{}
	s.policy.AuditRetention = 400 * oneDay
	s.save(person(1))
	return s
}

func (s *shop) forgetSessions() *application.ForgetSessions {
	return application.NewForgetSessions(s.front, &s.store, s.clock.Now, s.policy)
}

func (s *shop) retireAuditEvents() *application.RetireAuditEvents {
	return application.NewRetireAuditEvents(s.front, &s.store, auditKey, s.clock.Now, s.policy)
}

// sessionOver stores a session whose time has been over for so long.
func (s *shop) sessionOver(n int, since time.Duration, changes ...func(*domain.Session)) domain.SessionID {
	s.t.Helper()
	session := porttest.Session(n, person(1))
	session.ExpiresAt = s.clock.Now().Add(-since)
	for _, change := range changes {
		change(&session)
	}
	s.update(func(r ports.Records) error { return r.Sessions().Save(session) })
	return session.ID
}

func adopted(s *domain.Session) { s.AdoptedToken = domain.TokenID("django-" + s.ID) }

// events appends an event for each age, in this order.
func (s *shop) events(ages ...time.Duration) {
	s.t.Helper()
	s.update(func(r ports.Records) error {
		for _, age := range ages {
			event := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), s.clock.Now().Add(-age))
			if err := r.Audit().Append(event.Decided(nil)); err != nil {
				return err
			}
		}
		return nil
	})
}

// mustTrail checks that the trail verifies from its checkpoint on, and which events are in
// it.
func (s *shop) mustTrail(want ...int64) {
	s.t.Helper()
	var got []int64
	s.view(func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		if err != nil {
			return err
		}
		check, err := domain.NewTrailCheck(auditKey, checkpoint)
		if err != nil {
			return err
		}
		for event, err := range r.Audit().Trail(0, 1_000_000) {
			if err != nil {
				return err
			}
			if err := check.Next(event); err != nil {
				return err
			}
			got = append(got, event.Sequence)
		}
		return nil
	})
	if !slices.Equal(got, want) {
		s.t.Errorf("events %v are there, want %v", got, want)
	}
}

// mustNote checks the run that is noted last of a task; nil if none is to be.
func (s *shop) mustNote(task ports.HousekeepingTask, want *ports.HousekeepingRun) {
	s.t.Helper()
	runs := execute(s, application.NewDescribeStore(&s.store, s.clock.Now), application.DescribeStoreQuery{}).Runs
	i := slices.IndexFunc(runs, func(run ports.HousekeepingRun) bool { return run.Task == task })
	switch {
	case want == nil && i >= 0:
		s.t.Errorf("%+v is noted", runs[i])
	case want != nil && (i < 0 || runs[i] != *want):
		s.t.Errorf("the runs are %+v, want %+v", runs, *want)
	}
}

// A counted store counts the updates of another, and calls after with the number of each.
type counted struct {
	ports.Store
	updates int
	after   func(n int)
}

func (w *counted) Update(ctx context.Context, change func(ports.Records) error) error {
	err := w.Store.Update(ctx, change)
	w.updates++
	if w.after != nil {
		w.after(w.updates)
	}
	return err
}

func numbered(n int) domain.SessionID { return domain.SessionID(fmt.Sprintf("%032x", n)) }
