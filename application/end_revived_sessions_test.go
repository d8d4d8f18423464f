package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

// lostEvent is one that the store has held and does not hold any more.
var lostEvent = domain.AuditMark{Sequence: 99, Seal: domain.Seal{0xab, 0xcd}}

const lostSubject = domain.SubjectHash("abcd000000000000000000000000000000000000000000000000000000000000")

func TestEndRevivedSessions(t *testing.T) {
	s := open(t, person(1), person(2), person(3, inactive))
	over, mine, theirs := s.signIn(1), s.signIn(1), s.signIn(2)
	django, access := s.django(domain.RefreshToken, 2), s.django(domain.AccessToken, 2)
	execute(s, s.signOut(), signOutWith(over.Access))
	s.skipAudit()
	s.clock.Advance(time.Minute)
	s.store.Lose(lostEvent)

	got := execute(s, s.endRevivedSessions(), application.EndRevivedSessionsCommand{})
	if want := (application.EndRevivedSessionsResult{RolledBack: true, Lost: lostEvent, Ended: 2}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	event := s.lastEvent()
	want := domain.AuditEvent{
		Sequence: event.Sequence, At: s.clock.Now(),
		Kind: domain.EventDatabaseRollback, Outcome: domain.OutcomeSuccess, Subject: lostSubject,
	}
	if event != want {
		t.Errorf("the event is\n%+v, want\n%+v", event, want)
	}
	s.mustHaveEnded(over.Access, domain.EndSignedOut)
	s.mustBeOverForGood(mine, theirs)
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
	s.mustAccess(access, domain.ErrSessionEnded)
	s.mustAccess(s.signIn(1).Access, nil) // everybody can sign in again

	before := s.contents()
	if got := execute(s, s.endRevivedSessions(), application.EndRevivedSessionsCommand{}); got.RolledBack {
		t.Errorf("the same loss is found again: %+v", got)
	}
	s.mustStillBe(before)
}

// When what would tell of a loss is gone, everything may be lost.
func TestEndRevivedSessionsWhenNothingIsKnown(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.skipAudit()
	s.front = &s.store
	history := &forgotten{known{forgotten: true}, 0}
	got := execute(s, application.NewEndRevivedSessions(s.front, history, s.clock.Now), application.EndRevivedSessionsCommand{})
	if want := (application.EndRevivedSessionsResult{RolledBack: true, Ended: 1}); got != want || history.accepted != 1 {
		t.Errorf("the result is %+v, want %+v; accepted %d times", got, want, history.accepted)
	}
	event := s.lastEvent()
	want := domain.AuditEvent{
		Sequence: event.Sequence, At: s.clock.Now(),
		Kind: domain.EventDatabaseRollback, Outcome: domain.OutcomeSuccess, Reason: domain.ReasonHistoryMissing,
	}
	if event != want {
		t.Errorf("the event is\n%+v, want\n%+v", event, want)
	}
	s.mustBeOverForGood(pair)
}

// A forgotten history counts how often it was accepted.
type forgotten struct {
	known
	accepted int
}

func (f *forgotten) Accept() error { f.accepted++; return nil }

func TestEndRevivedSessionsOfNothingLost(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	before := s.contents()
	if got := execute(s, s.endRevivedSessions(), application.EndRevivedSessionsCommand{}); got != (application.EndRevivedSessionsResult{}) {
		t.Errorf("the result is %+v, want nothing", got)
	}
	s.mustStillBe(before)
}

// What could not be done is due at the next start.
func TestEndRevivedSessionsLater(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.store.Lose(lostEvent)
	for n := 1; ; n++ {
		store := &faulty{Store: &s.store, calls: n}
		s.front = store
		got, err := s.endRevivedSessions().Execute(t.Context(), application.EndRevivedSessionsCommand{})
		if !store.failed {
			if n < 4 {
				t.Errorf("%d calls to the store are too few to be true", n-1)
			}
			break
		}
		if _, lost := s.store.Lost(); err == nil || got != (application.EndRevivedSessionsResult{}) || !lost {
			t.Errorf("call %d has failed: %+v, %v; still due: %t", n, got, err, lost)
		}
	}
	s.front = &s.store
	s.mustBeOverForGood(pair)
}

// Whoever was brought in after the backup was made is brought in again: tokens that the
// shop's Django issued before the restoring do not work, later ones do.
func TestImportAfterARestore(t *testing.T) {
	s := open(t)
	old, oldAccess := s.django(domain.RefreshToken, 4), s.django(domain.AccessToken, 4)
	s.store.Lose(lostEvent)
	execute(s, s.endRevivedSessions(), application.EndRevivedSessionsCommand{})
	s.clock.Advance(5 * time.Minute)
	execute(s, s.importStaff(), importOf(row(4)))
	refuse(s, s.refreshAccess(), refreshWith(old), domain.ErrSessionEnded)
	s.mustAccess(oldAccess, domain.ErrSessionEnded)
	later := s.alter(s.django(domain.RefreshToken, 4), func(c *domain.Claims) { c.ID = "later" })
	execute(s, s.refreshAccess(), refreshWith(later))
}
