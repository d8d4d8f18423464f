package porttest

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

func sessionsAbsent(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	update(t, store, func(r ports.Records) error { return r.Sessions().Save(Session(1, Person(1))) })
	view(t, store, func(r ports.Records) error {
		if _, err := r.Sessions().ByID("00"); !errors.Is(err, domain.ErrSessionNotFound) {
			t.Errorf("ByID: %v, want ErrSessionNotFound", err)
		}
		for _, id := range []domain.TokenID{"00", ""} {
			if _, err := r.Sessions().ByAdoptedToken(staffID(1), id); !errors.Is(err, domain.ErrSessionNotFound) {
				t.Errorf("ByAdoptedToken(%q): %v, want ErrSessionNotFound", id, err)
			}
		}
		return nil
	})
}

func sessionsRoundTrip(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	plain := Session(1, Person(1))
	bare := Session(2, Person(1))
	bare.Address, bare.LastAddress, bare.UserAgent = netip.Addr{}, netip.Addr{}, ""
	bare.SharedSecret = true
	bare.OpenedIn = domain.CarrierUnknown
	settled := bare
	settled.Came(true)
	used := plain
	used.Generation, used.CurrentToken, used.RotatedAt = 9, "another", Noon.Add(1233*time.Millisecond)
	used.Renew("renewed", domain.Client{}, Noon.Add(1235*time.Millisecond))
	used.Use(domain.Client{Address: netip.MustParseAddr("2001:db8::1")}, Noon.Add(1234*time.Millisecond))
	used.End(domain.EndSignedOut, Noon.Add(time.Hour))
	for _, want := range []domain.Session{plain, bare, settled, used} {
		update(t, store, func(r ports.Records) error { return r.Sessions().Save(want) })
		view(t, store, func(r ports.Records) error {
			got, err := r.Sessions().ByID(want.ID)
			sameSession(t, got, want)
			return err
		})
	}
}

func sameSession(t *testing.T, got, want domain.Session) {
	t.Helper()
	sameTime(t, "CreatedAt", got.CreatedAt, want.CreatedAt)
	sameTime(t, "RotatedAt", got.RotatedAt, want.RotatedAt)
	sameTime(t, "RenewedAt", got.RenewedAt, want.RenewedAt)
	sameTime(t, "LastUsedAt", got.LastUsedAt, want.LastUsedAt)
	sameTime(t, "ExpiresAt", got.ExpiresAt, want.ExpiresAt)
	sameTime(t, "EndedAt", got.EndedAt, want.EndedAt)
	for _, session := range []*domain.Session{&got, &want} {
		session.CreatedAt, session.RotatedAt, session.LastUsedAt, session.RenewedAt = Noon, Noon, Noon, Noon
		session.ExpiresAt, session.EndedAt = Noon, Noon
	}
	if got != want {
		t.Errorf("session is %+v, want %+v", got, want)
	}
}

func sessionsAdopted(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	// Several may have adopted none, and two people the same one.
	all := []domain.Session{Session(1, Person(1)), Session(2, Person(1)), Session(3, Person(2)), Session(4, Person(2))}
	all[1].AdoptedToken, all[2].AdoptedToken = "abc", "abc"
	update(t, store, func(r ports.Records) error {
		for _, session := range all {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, store, func(r ports.Records) error {
		for _, want := range all[1:3] {
			got, err := r.Sessions().ByAdoptedToken(want.StaffID, "abc")
			if err != nil {
				return err
			}
			sameSession(t, got, want)
		}
		return nil
	})
}

func sessionsOfStaff(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	all := []domain.Session{Session(1, Person(1)), Session(2, Person(1)), Session(3, Person(1)), Session(4, Person(1)), Session(5, Person(2))}
	all[0].CreatedAt = Noon.Add(time.Hour)       // the last one
	all[1].ExpiresAt = Noon.Add(-time.Hour)      // out of time, but not ended
	all[2].CreatedAt = Noon.Add(-24 * time.Hour) // the first one
	all[3].End(domain.EndSignedOut, Noon)
	update(t, store, func(r ports.Records) error {
		for _, session := range all {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, store, func(r ports.Records) error {
		got, err := r.Sessions().OfStaff(staffID(1))
		if err != nil {
			return err
		}
		want := []domain.Session{all[2], all[1], all[0]}
		if len(got) != len(want) {
			t.Fatalf("%d sessions, want %d", len(got), len(want))
		}
		for i := range got {
			sameSession(t, got[i], want[i])
		}
		none, err := r.Sessions().OfStaff(staffID(9))
		if len(none) != 0 {
			t.Errorf("nobody has %d sessions", len(none))
		}
		return err
	})
}

func sessionsEndAll(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	over := Session(3, Person(1))
	over.End(domain.EndSignedOut, Noon)
	all := []domain.Session{Session(1, Person(1)), Session(2, Person(1)), over, Session(4, Person(2))}
	update(t, store, func(r ports.Records) error {
		for _, session := range all {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		ended, err := r.Sessions().EndAll(staffID(1), domain.EndPasswordChanged, Noon.Add(time.Minute))
		if ended != 2 {
			t.Errorf("EndAll has ended %d, want 2", ended)
		}
		return err
	})
	wanted := []domain.EndReason{domain.EndPasswordChanged, domain.EndPasswordChanged, domain.EndSignedOut, ""}
	view(t, store, func(r ports.Records) error {
		for i, session := range all {
			got, err := r.Sessions().ByID(session.ID)
			if err != nil {
				return err
			}
			if got.EndReason != wanted[i] || got.Over() != (wanted[i] != "") {
				t.Errorf("session %d ended by %q, want %q", i+1, got.EndReason, wanted[i])
			}
		}
		return nil
	})
}

func sessionsSignedInFrom(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	over := Session(1, Person(1))
	over.End(domain.EndSignedOut, Noon)
	over.Use(domain.Client{Address: netip.MustParseAddr("192.0.2.8"), UserAgent: "other"}, Noon)
	update(t, store, func(r ports.Records) error { return r.Sessions().Save(over) })
	address := Client().Address
	for _, test := range []struct {
		staff domain.StaffID
		from  netip.Addr
		agent string
		want  bool
	}{
		{staffID(1), address, Client().UserAgent, true},
		{staffID(1), address.Next(), Client().UserAgent, false},
		{staffID(1), address, Client().UserAgent + "0", false},
		{staffID(1), address, "", false},
		{staffID(1), netip.Addr{}, Client().UserAgent, false},
		{staffID(2), address, Client().UserAgent, false},
		{"", address, Client().UserAgent, false},
	} {
		view(t, store, func(r ports.Records) error {
			got, err := r.Sessions().SignedInFrom(test.staff, test.from, test.agent)
			if got != test.want {
				t.Errorf("SignedInFrom(%q, %v, %q) is %t, want %t", test.staff, test.from, test.agent, got, test.want)
			}
			return err
		})
	}
}
