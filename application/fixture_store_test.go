package application_test

import (
	"context"
	"fmt"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// update changes what is stored behind the use cases' back.
func (s *shop) update(change func(ports.Records) error) {
	s.t.Helper()
	if err := s.store.Update(context.Background(), change); err != nil {
		s.t.Fatalf("Update: %v", err)
	}
}

func (s *shop) save(staff domain.Staff) {
	s.t.Helper()
	s.update(func(r ports.Records) error { return r.Staff().Save(staff) })
}

// change alters a stored account behind the use cases' back.
func (s *shop) change(n int, changes ...func(*domain.Staff)) {
	s.t.Helper()
	staff := s.staff(n)
	for _, change := range changes {
		change(&staff)
	}
	s.save(staff)
}

func (s *shop) staff(n int) (staff domain.Staff) {
	s.t.Helper()
	s.view(func(r ports.Records) (err error) {
		staff, err = r.Staff().ByID(id(n))
		return err
	})
	return staff
}

// sessionOf returns the session that a token belongs to, or was adopted by.
func (s *shop) sessionOf(token domain.Token) (session domain.Session) {
	s.t.Helper()
	claims := s.claims(token)
	s.view(func(r ports.Records) (err error) {
		if claims.Session == "" {
			session, err = r.Sessions().ByAdoptedToken(domain.StaffID(claims.UserID), claims.ID)
		} else {
			session, err = r.Sessions().ByID(claims.Session)
		}
		return err
	})
	return session
}

// mustHaveEnded checks what has ended a token's session, "" if it is to be running.
func (s *shop) mustHaveEnded(token domain.Token, reason domain.EndReason) {
	s.t.Helper()
	session := s.sessionOf(token)
	if session.EndReason != reason || session.Over() != (reason != "") {
		s.t.Errorf("the session ended by %q, want %q", session.EndReason, reason)
	}
}

// mustHaveSessions checks how many sessions are stored.
func (s *shop) mustHaveSessions(want int) {
	s.t.Helper()
	if got := len(s.contents().sessions); got != want {
		s.t.Errorf("%d sessions are stored, want %d", got, want)
	}
}

// contents is everything that is stored about a handful of people.
type contents struct {
	staff    []domain.Staff
	sessions []domain.Session
	imports  []domain.ImportedState
	counters []domain.Counter
	links    []domain.Link
	letters  []domain.Mail
	events   []domain.AuditEvent
}

func (s *shop) contents() (c contents) {
	s.t.Helper()
	c.staff = execute(s, s.listStaff(), application.ListStaffQuery{})
	c.events = execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{})
	s.view(func(r ports.Records) error {
		for n := range 100 {
			if session, err := r.Sessions().ByID(domain.SessionID(fmt.Sprintf("%032x", n))); err == nil {
				c.sessions = append(c.sessions, session)
			}
		}
		for _, staff := range c.staff {
			state, err := r.Imports().Last(staff.ID)
			if err != nil {
				return err
			}
			c.imports = append(c.imports, state)
			counters, err := r.Throttle().OfAccount(domain.AccountKey(staff.ID))
			if err != nil {
				return err
			}
			c.counters = append(c.counters, counters...)
			link, err := r.Links().Of(domain.AccountKey(staff.ID))
			if err != nil {
				return err
			}
			c.links = append(c.links, link)
		}
		c.letters = s.waiting(r)
		return nil
	})
	return c
}

func (s *shop) view(read func(ports.Records) error) {
	s.t.Helper()
	if err := s.store.View(context.Background(), read); err != nil {
		s.t.Fatalf("View: %v", err)
	}
}

// breakFrom makes the store fail from the n-th call on, counted from now.
func (s *shop) breakFrom(n int) {
	s.store.Broken = func() error {
		if n--; n > 0 {
			return nil
		}
		return fmt.Errorf("disk full: %w", domain.ErrUnavailable)
	}
}

func (s *shop) repair() { s.store.Broken = nil }

// mustAudit checks that these events and no others have been written since the test
// looked last. They are of the fixture's client and of this moment.
func (s *shop) mustAudit(want ...domain.AuditEvent) {
	s.t.Helper()
	all := execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{})
	fresh := all[:len(all)-s.seen] // newest first
	s.seen = len(all)
	if len(fresh) != len(want) {
		s.t.Errorf("%d events are written, want %d: %+v", len(fresh), len(want), fresh)
		return
	}
	for i, event := range want {
		got := fresh[len(fresh)-1-i]
		event.Sequence, event.At, event.Client = got.Sequence, s.clock.Now(), porttest.Client()
		if got != event {
			s.t.Errorf("the event is\n%+v, want\n%+v", got, event)
		}
	}
}

// lastEvent returns the event that was written last.
func (s *shop) lastEvent() domain.AuditEvent {
	s.t.Helper()
	all := execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{})
	if len(all) == 0 {
		s.t.Fatal("no event is written")
	}
	return all[0]
}

// skipAudit passes over the events that the preparations of a test have written.
func (s *shop) skipAudit() {
	s.t.Helper()
	s.seen = len(execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{}))
}

// A counting store counts the updates.
type counting struct {
	ports.Store
	updates int
}

func (c *counting) Update(ctx context.Context, change func(ports.Records) error) error {
	c.updates++
	return c.Store.Update(ctx, change)
}
