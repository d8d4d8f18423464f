package upkeep_test

import (
	"context"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
)

// lostEvent is one that the store has held and does not hold any more.
var lostEvent = domain.AuditMark{Sequence: 99, Seal: domain.Seal{0xab, 0xcd}}

const lostSubject = domain.SubjectHash("abcd000000000000000000000000000000000000000000000000000000000000")

func TestEndRevivedSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2), apptest.Person(3, apptest.Inactive))
	over, mine, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	django, access := s.Django(domain.RefreshToken, 2), s.Django(domain.AccessToken, 2)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	s.SkipAudit()
	s.Clock.Advance(time.Minute)
	s.Store.Lose(lostEvent)

	got := apptest.Execute(s, s.EndRevivedSessions(), upkeep.EndRevivedSessionsCommand{})
	if want := (upkeep.EndRevivedSessionsResult{RolledBack: true, Lost: lostEvent, Ended: 2}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	event := s.LastEvent()
	want := domain.AuditEvent{
		Sequence: event.Sequence, At: s.Clock.Now(),
		Kind: domain.EventDatabaseRollback, Outcome: domain.OutcomeSuccess, Subject: lostSubject,
		Client: domain.Client{Actor: domain.Service()},
	}
	if event != want {
		t.Errorf("the event is\n%+v, want\n%+v", event, want)
	}
	s.MustHaveEnded(over.Access, domain.EndSignedOut)
	s.MustBeOverForGood(mine, theirs)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
	s.MustAccess(access, domain.ErrSessionEnded)
	s.MustAccess(s.SignIn(1).Access, nil) // everybody can sign in again

	before := s.Contents()
	if got := apptest.Execute(s, s.EndRevivedSessions(), upkeep.EndRevivedSessionsCommand{}); got.RolledBack {
		t.Errorf("the same loss is found again: %+v", got)
	}
	s.MustStillBe(before)
}

// When what would tell of a loss is gone, everything may be lost.
func TestEndRevivedSessionsWhenNothingIsKnown(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.SkipAudit()
	s.Front = &s.Store
	history := &forgotten{apptest.Known{Forgotten: true}, 0}
	got := apptest.Execute(s, upkeep.NewEndRevivedSessions(s.Front, history, s.Clock.Now), upkeep.EndRevivedSessionsCommand{})
	if want := (upkeep.EndRevivedSessionsResult{RolledBack: true, Ended: 1}); got != want || history.accepted != 1 {
		t.Errorf("the result is %+v, want %+v; accepted %d times", got, want, history.accepted)
	}
	event := s.LastEvent()
	want := domain.AuditEvent{
		Sequence: event.Sequence, At: s.Clock.Now(),
		Kind: domain.EventDatabaseRollback, Outcome: domain.OutcomeSuccess, Reason: domain.ReasonHistoryMissing,
		Client: domain.Client{Actor: domain.Service()},
	}
	if event != want {
		t.Errorf("the event is\n%+v, want\n%+v", event, want)
	}
	s.MustBeOverForGood(pair)
}

// A forgotten history counts how often it was accepted.
type forgotten struct {
	apptest.Known
	accepted int
}

func (f *forgotten) Accept(context.Context) error { f.accepted++; return nil }

func TestEndRevivedSessionsOfNothingLost(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	before := s.Contents()
	if got := apptest.Execute(s, s.EndRevivedSessions(), upkeep.EndRevivedSessionsCommand{}); got != (upkeep.EndRevivedSessionsResult{}) {
		t.Errorf("the result is %+v, want nothing", got)
	}
	s.MustStillBe(before)
}

// What could not be done is due at the next start.
func TestEndRevivedSessionsLater(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.Store.Lose(lostEvent)
	for n := 1; ; n++ {
		store := &apptest.Faulty{Store: &s.Store, Calls: n}
		s.Front = store
		got, err := s.EndRevivedSessions().Execute(t.Context(), upkeep.EndRevivedSessionsCommand{})
		if !store.Failed {
			if n < 4 {
				t.Errorf("%d calls to the store are too few to be true", n-1)
			}
			break
		}
		if _, lost := s.Store.Lost(); err == nil || got != (upkeep.EndRevivedSessionsResult{}) || !lost {
			t.Errorf("call %d has failed: %+v, %v; still due: %t", n, got, err, lost)
		}
	}
	s.Front = &s.Store
	s.MustBeOverForGood(pair)
}

// People imported after the backup was made are imported again after the restore. Their Django tokens from
// before the restore do not work, later ones do.
func TestImportAfterARestore(t *testing.T) {
	s := apptest.Open(t)
	old, oldAccess := s.Django(domain.RefreshToken, 4), s.Django(domain.AccessToken, 4)
	s.Store.Lose(lostEvent)
	apptest.Execute(s, s.EndRevivedSessions(), upkeep.EndRevivedSessionsCommand{})
	s.Clock.Advance(5 * time.Minute)
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(4)))
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(old), domain.ErrSessionEnded)
	s.MustAccess(oldAccess, domain.ErrSessionEnded)
	later := s.Alter(s.Django(domain.RefreshToken, 4), func(c *domain.Claims) { c.ID = "later" })
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(later))
}
