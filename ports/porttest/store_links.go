package porttest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// link has every field set, by its number.
func link(account domain.AccountKey, n int) domain.Link {
	at := Noon.Add(time.Duration(n)*time.Minute + 5*time.Millisecond)
	l := domain.Link{
		Account: account, Digest: domain.LinkDigest(fmt.Sprintf("%064x", n)), Purpose: domain.LinkInvitation,
		Email: "person@example.test", Version: int64(n), CreatedAt: at, ExpiresAt: at.Add(time.Hour),
	}
	for i := range l.Mailed {
		l.Mailed[i] = at.Add(-time.Duration(i) * time.Second)
	}
	return l
}

func saveLinks(t *testing.T, store ports.Store, links ...domain.Link) {
	t.Helper()
	update(t, store, func(r ports.Records) error {
		for _, l := range links {
			if err := r.Links().Save(l); err != nil {
				return err
			}
		}
		return nil
	})
}

func mustHaveLink(t *testing.T, store ports.Store, want domain.Link) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		got, err := r.Links().Of(want.Account)
		if got != want {
			t.Errorf("the link is\n%+v, want\n%+v", got, want)
		}
		return err
	})
}

func linksRoundTrip(t *testing.T, store ports.Store) {
	none, other := domain.Link{Account: "a"}, link("b", 9)
	saveLinks(t, store, other)
	mustHaveLink(t, store, none)
	used := link("a", 1)
	used.Use()
	once := link("a", 2)
	clear(once.Mailed[1:])
	for _, want := range []domain.Link{link("a", 3), used, once} {
		saveLinks(t, store, want)
		mustHaveLink(t, store, want)
	}
	mustHaveLink(t, store, other)
}

func linksForget(t *testing.T, store ports.Store) {
	var all []domain.Link
	for n := range 6 {
		all = append(all, link(domain.AccountKey(fmt.Sprint("a", n)), n))
	}
	saveLinks(t, store, all...)
	for _, step := range [][2]int{{2, 2}, {5, 1}, {5, 0}} {
		update(t, store, func(r ports.Records) error {
			got, err := r.Links().Forget(all[3].ExpiresAt, step[0])
			if got != step[1] {
				t.Errorf("Forget has removed %d links, want %d", got, step[1])
			}
			return err
		})
	}
	for n, l := range all {
		if n < 3 {
			l = domain.Link{Account: l.Account}
		}
		mustHaveLink(t, store, l)
	}
}

// mail has every field set, and is due after so many minutes.
func mail(n int) domain.Mail {
	at := Noon.Add(time.Duration(n) * time.Minute)
	return domain.Mail{
		ID: domain.MailID(fmt.Sprintf("%032x", n)), Account: "a", Kind: domain.MailInvitation,
		Sealed:    domain.SealedToken([]byte{0, byte(n), 0xff}),
		CreatedAt: at.Add(-time.Millisecond), ExpiresAt: at.Add(time.Hour), DueAt: at, Attempts: n,
	}
}

func outbox(t *testing.T, store ports.Store) {
	notice := domain.NewNotice("notice", domain.MailPasswordSet, "b", Noon.Add(10*time.Minute))
	update(t, store, func(r ports.Records) error {
		for _, m := range []domain.Mail{mail(5), mail(3), notice, mail(4), mail(1), mail(2)} {
			if err := r.Outbox().Save(m); err != nil {
				return err
			}
		}
		return nil
	})
	mustBeDue(t, store, 4, 10, mail(1), mail(2), mail(3), mail(4))
	mustBeDue(t, store, 60, 2, mail(1), mail(2))
	mustBeDue(t, store, 0, 10)
	later := mail(1)
	later.DueAt, later.Attempts = Noon.Add(20*time.Minute), 7
	update(t, store, func(r ports.Records) error {
		for _, id := range []domain.MailID{mail(2).ID, mail(2).ID, mail(4).ID} { // one is gone already
			if err := r.Outbox().Remove(id); err != nil {
				return err
			}
		}
		return r.Outbox().Save(later)
	})
	mustBeDue(t, store, 60, 10, mail(3), mail(5), notice, later)
}

// mustBeDue checks which letters are due after so many minutes.
func mustBeDue(t *testing.T, store ports.Store, minutes, limit int, want ...domain.Mail) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		got, err := r.Outbox().Due(Noon.Add(time.Duration(minutes)*time.Minute), limit)
		if err == nil && !slices.Equal(got, want) {
			t.Errorf("after %d minutes there are due\n%+v, want\n%+v", minutes, got, want)
		}
		return err
	})
}

// The oldest letter of a kind is the first that was made, whenever it is due. Each kind is
// counted separately.
func outboxByKind(t *testing.T, store ports.Store) {
	first, second, third, other := mail(1), mail(2), mail(3), mail(4)
	first.DueAt, other.Kind, other.CreatedAt = Noon.Add(30*time.Minute), domain.MailDecoy, Noon.Add(-time.Hour)
	update(t, store, func(r ports.Records) error {
		return errors.Join(r.Outbox().Save(third), r.Outbox().Save(first), r.Outbox().Save(other), r.Outbox().Save(second))
	})
	for _, left := range [][]domain.Mail{{second, third, other}, {third, other}, {other}, {other}} {
		update(t, store, func(r ports.Records) error { return r.Outbox().RemoveOldest(domain.MailInvitation) })
		mustBeDue(t, store, 60, 10, left...)
		view(t, store, func(r ports.Records) error {
			invitations, err := r.Outbox().Count(domain.MailInvitation)
			decoys, err2 := r.Outbox().Count(domain.MailDecoy)
			if invitations != len(left)-1 || decoys != 1 {
				t.Errorf("%d invitations and %d decoys are counted, want %d and one", invitations, decoys, len(left)-1)
			}
			return errors.Join(err, err2)
		})
	}
}
