package apptest

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/application/audit"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// Update changes what is stored behind the use cases' back.
func (s *Shop) Update(change func(ports.Records) error) {
	s.T.Helper()
	if err := s.Store.Update(context.Background(), change); err != nil {
		s.T.Fatalf("Update: %v", err)
	}
}

func (s *Shop) Save(staff domain.Staff) {
	s.T.Helper()
	s.Update(func(r ports.Records) error { return r.Staff().Save(staff) })
}

// Change alters a stored account behind the use cases' back.
func (s *Shop) Change(n int, changes ...func(*domain.Staff)) {
	s.T.Helper()
	staff := s.Staff(n)
	for _, change := range changes {
		change(&staff)
	}
	s.Save(staff)
}

func (s *Shop) Staff(n int) (staff domain.Staff) {
	s.T.Helper()
	s.View(func(r ports.Records) (err error) {
		staff, err = r.Staff().ByID(Id(n))
		return err
	})
	return staff
}

// SessionOf returns the session that a token belongs to, or was adopted by.
func (s *Shop) SessionOf(token domain.Token) (session domain.Session) {
	s.T.Helper()
	claims := s.Claims(token)
	s.View(func(r ports.Records) (err error) {
		if claims.Session == "" {
			session, err = r.Sessions().ByAdoptedToken(domain.StaffID(claims.UserID), claims.ID)
		} else {
			session, err = r.Sessions().ByID(claims.Session)
		}
		return err
	})
	return session
}

// MustHaveEnded checks why a token's session has ended. The reason "" means that it must be running.
func (s *Shop) MustHaveEnded(token domain.Token, reason domain.EndReason) {
	s.T.Helper()
	session := s.SessionOf(token)
	if session.EndReason != reason || session.Over() != (reason != "") {
		s.T.Errorf("the session ended by %q, want %q", session.EndReason, reason)
	}
}

// MustHaveSessions checks how many sessions are stored.
func (s *Shop) MustHaveSessions(want int) {
	s.T.Helper()
	if got := len(s.Contents().Sessions); got != want {
		s.T.Errorf("%d sessions are stored, want %d", got, want)
	}
}

// Contents is everything that is stored about a handful of people.
type Contents struct {
	Staff    []domain.Staff
	Sessions []domain.Session
	imports  []domain.ImportedState
	counters []domain.Counter
	links    []domain.Link
	Letters  []domain.Mail
	Events   []domain.AuditEvent
}

func (s *Shop) Contents() (c Contents) {
	s.T.Helper()
	c.Staff = Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()})
	c.Events = Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator()})
	s.View(func(r ports.Records) error {
		for n := range 100 {
			if session, err := r.Sessions().ByID(domain.SessionID(fmt.Sprintf("%032x", n))); err == nil {
				c.Sessions = append(c.Sessions, session)
			}
		}
		for _, staff := range c.Staff {
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
		c.Letters = s.waiting(r)
		return nil
	})
	return c
}

func (s *Shop) View(read func(ports.Records) error) {
	s.T.Helper()
	if err := s.Store.View(context.Background(), read); err != nil {
		s.T.Fatalf("View: %v", err)
	}
}

// BreakFrom makes the store fail from the n-th call on, counted from now.
func (s *Shop) BreakFrom(n int) {
	s.Store.Broken = func() error {
		if n--; n > 0 {
			return nil
		}
		return fmt.Errorf("disk full: %w", domain.ErrUnavailable)
	}
}

func (s *Shop) Repair() { s.Store.Broken = nil }

// MustAudit checks that these events and no others have been written since the test
// looked last. They are of the fixture's client and of this moment.
func (s *Shop) MustAudit(want ...domain.AuditEvent) {
	s.T.Helper()
	all := Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator()})
	fresh := all[:len(all)-s.Seen] // newest first
	s.Seen = len(all)
	if len(fresh) != len(want) {
		s.T.Errorf("%d events are written, want %d: %+v", len(fresh), len(want), fresh)
		return
	}
	for i, event := range want {
		got := fresh[len(fresh)-1-i]
		event.Sequence, event.At, event.Client = got.Sequence, s.Clock.Now(), clientOf(event)
		if got != event {
			s.T.Errorf("the event is\n%+v, want\n%+v", got, event)
		}
	}
}

// clientOf is an operator where only operators do such a thing.
func clientOf(event domain.AuditEvent) domain.Client {
	if event.Reason == domain.ReasonByOperator || strings.HasPrefix(string(event.Kind), "staff_") {
		return porttest.Operator()
	}
	return porttest.Client()
}

// LastEvent returns the event that was written last.
func (s *Shop) LastEvent() domain.AuditEvent {
	s.T.Helper()
	all := Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator()})
	if len(all) == 0 {
		s.T.Fatal("no event is written")
	}
	return all[0]
}

// SkipAudit ignores the events that a test's preparations have written.
func (s *Shop) SkipAudit() {
	s.T.Helper()
	s.Seen = len(Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator()}))
}

// A Counting store counts the updates.
type Counting struct {
	ports.Store
	Updates int
}

func (c *Counting) Update(ctx context.Context, change func(ports.Records) error) error {
	c.Updates++
	return c.Store.Update(ctx, change)
}
