package porttest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

func staffAbsent(t *testing.T, store ports.Store) {
	view(t, store, func(r ports.Records) error {
		if _, err := r.Staff().ByID(staffID(1)); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("ByID: %v, want ErrStaffNotFound", err)
		}
		if _, err := r.Staff().ByEmail("person1@example.test"); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("ByEmail: %v, want ErrStaffNotFound", err)
		}
		if _, err := r.Staff().Nearest(staffID(1)); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("Nearest: %v, want ErrStaffNotFound", err)
		}
		for staff, err := range r.Staff().All() {
			t.Errorf("All yields %v, %v in an empty store", staff.ID, err)
		}
		return nil
	})
	update(t, store, func(r ports.Records) error {
		if err := r.Staff().Delete(staffID(1)); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("Delete: %v, want ErrStaffNotFound", err)
		}
		return nil
	})
}

// fullPerson has every field set, with times in another zone.
func fullPerson() domain.Staff {
	zone := time.FixedZone("elsewhere", -7*60*60)
	left, _ := domain.ParseDate("2027-01-31")
	staff := Person(1)
	staff.PreferredName, staff.HasPreferredName = "", true
	staff.IsActive, staff.IsOfficeStaff, staff.IsWorkshopStaff, staff.IsSuperuser = false, true, false, true
	staff.DateLeft = left
	staff.Credentials = domain.Credentials{
		Hash: domain.NewPasswordHash("x$y"), NeedsReset: true, Version: 7,
		ChangedAt: Noon.Add(5 * time.Millisecond).In(zone),
	}
	staff.SessionsEndedAt = Noon.Add(time.Hour).In(zone)
	staff.CreatedAt, staff.UpdatedAt = Noon.In(zone), Noon.Add(time.Minute).In(zone)
	return staff
}

func staffRoundTrip(t *testing.T, store ports.Store) {
	for _, want := range []domain.Staff{fullPerson(), Person(1), Person(2)} {
		save(t, store, want)
		view(t, store, func(r ports.Records) error {
			byID, err := r.Staff().ByID(want.ID)
			if err != nil {
				return err
			}
			byEmail, err := r.Staff().ByEmail(want.Email.Key())
			if err != nil {
				return err
			}
			sameStaff(t, "ByID", byID, want)
			sameStaff(t, "ByEmail", byEmail, want)
			return nil
		})
	}
}

func sameStaff(t *testing.T, method string, got, want domain.Staff) {
	t.Helper()
	if got.ID != want.ID || got.Profile != want.Profile {
		t.Errorf("%s returns %+v, want %+v", method, got.Profile, want.Profile)
	}
	if !got.Credentials.Hash.Equal(want.Credentials.Hash.Secret) {
		t.Errorf("%s returns another hash", method)
	}
	if got.Credentials.NeedsReset != want.Credentials.NeedsReset || got.Credentials.Version != want.Credentials.Version {
		t.Errorf("%s returns credentials %+v, want %+v", method, got.Credentials, want.Credentials)
	}
	for _, pair := range []struct {
		name      string
		got, want time.Time
	}{
		{"Credentials.ChangedAt", got.Credentials.ChangedAt, want.Credentials.ChangedAt},
		{"SessionsEndedAt", got.SessionsEndedAt, want.SessionsEndedAt},
		{"CreatedAt", got.CreatedAt, want.CreatedAt},
		{"UpdatedAt", got.UpdatedAt, want.UpdatedAt},
	} {
		sameTime(t, method+": "+pair.name, pair.got, pair.want)
	}
}

func sameTime(t *testing.T, name string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) || got.IsZero() != want.IsZero() {
		t.Errorf("%s is %v, want %v", name, got, want)
	}
}

func staffDuplicate(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	twin := Person(3)
	twin.Email = "PERSON1@EXAMPLE.TEST"
	moved := Person(2)
	moved.Email = "pErson1@example.test"
	update(t, store, func(r ports.Records) error {
		for _, staff := range []domain.Staff{twin, moved} {
			if err := r.Staff().Save(staff); !errors.Is(err, domain.ErrEmailTaken) {
				t.Errorf("Save of %s: %v, want ErrEmailTaken", staff.Email, err)
			}
		}
		return nil // the refusals do not spoil the update
	})
	if exists(t, store, twin.ID) {
		t.Error("the refused account is stored")
	}
	own := Person(1)
	own.Email = "PERSON1@example.test"
	save(t, store, own) // the same address in other case is no duplicate of itself
}

func staffOrder(t *testing.T, store ports.Store) {
	first, last := Person(3), Person(1)
	first.Email, last.Email = "a@example.test", "Z@example.test"
	save(t, store, last, Person(2), first)
	var got []domain.Email
	view(t, store, func(r ports.Records) error {
		for staff, err := range r.Staff().All() {
			if err != nil {
				return err
			}
			got = append(got, staff.Email)
		}
		for range r.Staff().All() {
			break // stopping early is fine
		}
		return nil
	})
	if len(got) != 3 || got[0] != first.Email || got[1] != Person(2).Email || got[2] != last.Email {
		t.Errorf("All yields %v", got)
	}
}

func staffNearest(t *testing.T, store ports.Store) {
	people := []domain.Staff{Person(1), Person(2), Person(3), Person(4)}
	people[1].Credentials.Hash = domain.NewPasswordHash("a$b")
	people[3].Credentials.Hash = domain.NewPasswordHash("c$d")
	save(t, store, people...)
	view(t, store, func(r ports.Records) error {
		for at, want := range map[int]int{1: 2, 2: 2, 3: 4, 4: 4, 5: 2} {
			got, err := r.Staff().Nearest(staffID(at))
			if err != nil || got.ID != staffID(want) {
				t.Errorf("Nearest(%d) is %v, %v; want person %d", at, got.ID, err, want)
			}
		}
		return nil
	})
}

func staffDelete(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	update(t, store, func(r ports.Records) error {
		for n, staff := range []domain.Staff{Person(1), Person(2)} {
			if err := r.Sessions().Save(Session(n+1, staff)); err != nil {
				return err
			}
		}
		if err := r.Imports().Remember(staffID(1), domain.ImportedState{PasswordDigest: "x"}); err != nil {
			return err
		}
		return saveBelongings(r, 1, 2)
	})
	update(t, store, func(r ports.Records) error {
		mustBelong(t, r, 1, true)
		if err := r.Staff().Delete(staffID(1)); err != nil {
			return err
		}
		mustBelong(t, r, 1, false)
		mustBelong(t, r, 2, true)
		return nil
	})
	view(t, store, func(r ports.Records) error {
		if _, err := r.Sessions().ByID(Session(1, Person(1)).ID); !errors.Is(err, domain.ErrSessionNotFound) {
			t.Errorf("the session of a deleted person: %v, want ErrSessionNotFound", err)
		}
		if _, err := r.Sessions().ByID(Session(2, Person(2)).ID); err != nil {
			t.Errorf("the session of another person: %v", err)
		}
		if state, err := r.Imports().Last(staffID(1)); err != nil || state != (domain.ImportedState{}) {
			t.Errorf("the import of a deleted person: %v, %v; want none", state, err)
		}
		return nil
	})
	if exists(t, store, staffID(1)) || !exists(t, store, staffID(2)) {
		t.Error("Delete has not removed the one account and left the other")
	}
}

// saveBelongings gives people what is kept under the key of an account, which need not be one.
func saveBelongings(r ports.Records, people ...int) error {
	for _, n := range people {
		account := domain.AccountKey(staffID(n))
		letter := mail(n)
		letter.Account = account
		if err := errors.Join(
			r.Links().Save(link(account, n)),
			r.Outbox().Save(letter),
			r.Throttle().Save(counter(domain.AccountCounter, account, "", 1)),
			r.Throttle().Save(counter(domain.DeviceCounter, account, "x", 1)),
		); err != nil {
			return err
		}
	}
	return nil
}

func mustBelong(t *testing.T, r ports.Records, n int, want bool) {
	t.Helper()
	account := domain.AccountKey(staffID(n))
	l, errLink := r.Links().Of(account)
	counters, errCounters := r.Throttle().OfAccount(account)
	letters, errLetters := r.Outbox().Due(Noon.Add(time.Hour), 10)
	if err := errors.Join(errLink, errCounters, errLetters); err != nil {
		t.Fatal(err)
	}
	waits := slices.ContainsFunc(letters, func(m domain.Mail) bool { return m.Account == account })
	if (l.Digest != "") != want || waits != want || (len(counters) == 2) != want || !want && len(counters) > 0 {
		t.Errorf("person %d has the link %q, letters: %t, %d counters; want them: %t", n, l.Digest, waits, len(counters), want)
	}
}

func deletions(t *testing.T, store ports.Store) {
	older := domain.Deletion{ID: staffID(1), At: Noon.Add(5 * time.Millisecond), Version: 1}
	newer := domain.Deletion{ID: staffID(1), At: Noon.Add(time.Hour), Version: 9}
	other := domain.Deletion{ID: staffID(2), At: Noon.Add(time.Minute), Version: 2}
	mustBeDeleted := func(id domain.StaffID, want domain.Deletion) {
		t.Helper()
		view(t, store, func(r ports.Records) error {
			got, err := r.Deletions().Of(id)
			if got != want {
				t.Errorf("the deletion of %s is %+v, want %+v", id, got, want)
			}
			return err
		})
	}
	mustBeDeleted(older.ID, domain.Deletion{})
	for _, deletion := range []domain.Deletion{older, newer, other} {
		update(t, store, func(r ports.Records) error { return r.Deletions().Save(deletion) })
		mustBeDeleted(deletion.ID, deletion)
	}
	for _, step := range []struct {
		before      time.Time
		limit, want int
	}{{time.Time{}, 9, 0}, {other.At, 9, 0}, {newer.At, 0, 0}, {newer.At, 9, 1}} {
		update(t, store, func(r ports.Records) error {
			removed, err := r.Deletions().Forget(step.before, step.limit)
			if removed != step.want {
				t.Errorf("Forget(%v, %d) has removed %d, want %d", step.before, step.limit, removed, step.want)
			}
			return err
		})
	}
	mustBeDeleted(newer.ID, newer)
	mustBeDeleted(other.ID, domain.Deletion{})
}

func imports(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	full := domain.ImportedState{Profile: fullPerson().Profile, PasswordDigest: "digest"}
	for _, want := range []domain.ImportedState{{Profile: Person(1).Profile, NeedsReset: true, PasswordDigest: "first"}, full} {
		update(t, store, func(r ports.Records) error { return r.Imports().Remember(staffID(1), want) })
		view(t, store, func(r ports.Records) error {
			got, err := r.Imports().Last(staffID(1))
			if got != want {
				t.Errorf("Last is %+v, want %+v", got, want)
			}
			return err
		})
	}
	view(t, store, func(r ports.Records) error {
		got, err := r.Imports().Last(staffID(2))
		if got != (domain.ImportedState{}) {
			t.Errorf("Last of nobody is %+v, want the zero state", got)
		}
		return err
	})
}
