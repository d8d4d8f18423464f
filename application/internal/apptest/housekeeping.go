package apptest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const OneDay = 24 * time.Hour

var AuditKey = domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))

// OpenOld is a shop whose trail is sealed, and that takes no tokens of the shop's Django.
func OpenOld(t *testing.T) *Shop {
	s := Open(t)
	s.Store.AuditKey = AuditKey
	s.Policy.AcceptDjangoTokensUntil = time.Time{}
	s.Policy.AuditRetention = 400 * OneDay
	s.Save(Person(1))
	return s
}

func (s *Shop) ForgetSessions() *upkeep.ForgetSessions {
	return upkeep.NewForgetSessions(s.Front, &s.Store, s.Clock.Now, s.Policy)
}

func (s *Shop) RetireAuditEvents() *upkeep.RetireAuditEvents {
	return upkeep.NewRetireAuditEvents(s.Front, &s.Store, AuditKey, s.Clock.Now, s.Policy)
}

// SessionOver stores a session whose time has been over for so long.
func (s *Shop) SessionOver(n int, since time.Duration, changes ...func(*domain.Session)) domain.SessionID {
	s.T.Helper()
	session := porttest.Session(n, Person(1))
	session.ExpiresAt = s.Clock.Now().Add(-since)
	for _, change := range changes {
		change(&session)
	}
	s.Update(func(r ports.Records) error { return r.Sessions().Save(session) })
	return session.ID
}

func Adopted(s *domain.Session) { s.AdoptedToken = domain.TokenID("django-" + s.ID) }

// Events appends an event for each age, in this order.
func (s *Shop) Events(ages ...time.Duration) {
	s.T.Helper()
	s.Update(func(r ports.Records) error {
		for _, age := range ages {
			event := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), s.Clock.Now().Add(-age))
			if err := r.Audit().Append(event.Decided(nil)); err != nil {
				return err
			}
		}
		return nil
	})
}

// MustTrail checks that the trail verifies from its checkpoint on, and which events are in
// it.
func (s *Shop) MustTrail(want ...int64) {
	s.T.Helper()
	var got []int64
	s.View(func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		if err != nil {
			return err
		}
		check, err := domain.NewTrailCheck(AuditKey, checkpoint)
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
		s.T.Errorf("events %v are there, want %v", got, want)
	}
}

// MustNote checks the run that is noted last of a task; nil if none is to be.
func (s *Shop) MustNote(task ports.HousekeepingTask, want *ports.HousekeepingRun) {
	s.T.Helper()
	runs := Execute(s, upkeep.NewDescribeStore(&s.Store, s.Clock.Now), upkeep.DescribeStoreQuery{}).Runs
	i := slices.IndexFunc(runs, func(run ports.HousekeepingRun) bool { return run.Task == task })
	switch {
	case want == nil && i >= 0:
		s.T.Errorf("%+v is noted", runs[i])
	case want != nil && (i < 0 || runs[i] != *want):
		s.T.Errorf("the runs are %+v, want %+v", runs, *want)
	}
}

// A Counted store counts the updates of another store, and calls After with the number of each.
type Counted struct {
	ports.Store
	updates int
	After   func(n int)
}

func (w *Counted) Update(ctx context.Context, change func(ports.Records) error) error {
	err := w.Store.Update(ctx, change)
	w.updates++
	if w.After != nil {
		w.After(w.updates)
	}
	return err
}

func Numbered(n int) domain.SessionID { return domain.SessionID(fmt.Sprintf("%032x", n)) }
