package upkeep_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Links are forgotten an hour after they have expired: until then they count.
func TestForgetLinks(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	s.AskForLink(1)
	s.Clock.Advance(30 * time.Minute)
	s.AskForLink(2)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{40 * time.Minute, 0}, {time.Second, 1}, {time.Hour, 1}, {time.Hour, 0}} {
		s.Clock.Advance(step.after)
		if got := apptest.Execute(s, s.ForgetLinks(), upkeep.ForgetLinksCommand{}); got.Count != step.want {
			t.Errorf("after another %v %d links are forgotten, want %d", step.after, got.Count, step.want)
		}
	}
}

// Many links are removed in batches, and the run is noted once, with all of them.
func TestForgetLinksInBatches(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Update(func(r ports.Records) error {
		for n := range 51 {
			link := domain.Link{Account: domain.AccountKey(apptest.Numbered(n)), ExpiresAt: s.Clock.Now().Add(-2 * time.Hour)}
			if err := r.Links().Save(link); err != nil {
				return err
			}
		}
		return nil
	})
	batches := &apptest.Counting{Store: &s.Store}
	s.Front = batches
	if got := apptest.Execute(s, s.ForgetLinks(), upkeep.ForgetLinksCommand{}); got.Count != 51 || batches.Updates != 2 {
		t.Errorf("%d links are forgotten in %d updates, want 51 in 2", got.Count, batches.Updates)
	}
	s.MustNote(ports.TaskForgetLinks, &ports.HousekeepingRun{Task: ports.TaskForgetLinks, At: s.Clock.Now(), Removed: 51})
}

// When a batch fails, its links stay and are not counted.
func TestForgetLinksFails(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.PlantLink(1, "a token")
	s.Clock.Advance(2 * time.Hour)
	for calls := 1; calls <= 3; calls++ { // the update begins, removes, and ends
		s.Front = &apptest.Faulty{Store: &s.Store, Calls: calls}
		apptest.Refuse(s, s.ForgetLinks(), upkeep.ForgetLinksCommand{}, domain.ErrUnavailable)
		s.MustNote(ports.TaskForgetLinks, nil)
	}
	s.Front = &s.Store
	if got := apptest.Execute(s, s.ForgetLinks(), upkeep.ForgetLinksCommand{}); got.Count != 1 {
		t.Errorf("%d links are forgotten afterwards, want the one that had stayed", got.Count)
	}
}
