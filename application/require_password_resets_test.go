package application_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// staffroom has somebody of each kind.
func staffroom(t *testing.T) *shop {
	recent := func(p *domain.Staff) { p.Credentials.ChangedAt = porttest.Noon.Add(-24 * time.Hour) }
	longAgo := func(p *domain.Staff) { p.Credentials.ChangedAt = porttest.Noon.Add(-366 * 24 * time.Hour) }
	return open(t, person(1, recent), person(2, recent, outdated), person(3, longAgo), person(4, longAgo, inactive),
		person(5), person(6, unusable), person(7, resetDue, outdated), person(8, unusable, resetDue))
}

func resets(whose application.ResetCriterion) application.RequirePasswordResetsCommand {
	return application.RequirePasswordResetsCommand{Whose: whose, Client: porttest.Client()}
}

func flagged(result application.RequirePasswordResetsResult) (numbers string) {
	for _, staff := range result.Staff {
		numbers += string(staff.ID[len(staff.ID)-1:])
	}
	return numbers
}

func TestRequirePasswordResets(t *testing.T) {
	for want, whose := range map[string]application.ResetCriterion{
		"12345": {All: true},
		"2":     {WeakerThan: "memory"},
		"345":   {OlderThan: 365 * 24 * time.Hour}, // of 5 nobody knows the age
		"":      {},
	} {
		s := staffroom(t)
		dry := resets(whose)
		dry.DryRun = true
		if got := flagged(execute(s, s.requirePasswordResets(), dry)); got != want {
			t.Errorf("%+v: the dry run finds %q, want %q", whose, got, want)
		}
		s.mustAudit()
		if got := flagged(execute(s, s.requirePasswordResets(), resets(whose))); got != want {
			t.Errorf("%+v flags %q, want %q", whose, got, want)
		}
		var events []domain.AuditEvent
		for _, n := range want {
			who := int(n - '0')
			events = append(events, domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: id(who)})
			if staff := s.staff(who); !staff.Credentials.NeedsReset || staff.UpdatedAt != s.clock.Now() {
				t.Errorf("%+v: the account is %+v", whose, staff)
			}
		}
		s.mustAudit(events...)
		if got := flagged(execute(s, s.requirePasswordResets(), resets(whose))); got != "" {
			t.Errorf("%+v: the second time %q are flagged, want nobody", whose, got)
		}
	}
}

// Sessions of whoever is flagged are of no more use.
func TestRequirePasswordResetsEndsSessions(t *testing.T) {
	s := open(t, person(1), person(2, unusable))
	pair := s.signIn(1)
	execute(s, s.requirePasswordResets(), resets(application.ResetCriterion{All: true}))
	s.mustAccess(pair.Access, domain.ErrPasswordResetRequired)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrPasswordResetRequired)
}

func TestRequirePasswordResetsOfAnUnknownKind(t *testing.T) {
	s := staffroom(t)
	got, err := s.requirePasswordResets().Execute(t.Context(), resets(application.ResetCriterion{WeakerThan: "rot13"}))
	if !errors.Is(err, domain.ErrUnknownHash) || len(got.Staff) > 0 {
		t.Errorf("%+v, %v; want that there is no such kind", got, err)
	}
	s.mustAudit()
}

// afterLook does something between the look at everybody and the first step.
type afterLook struct {
	ports.Store
	do func()
}

func (a afterLook) View(ctx context.Context, read func(ports.Records) error) error {
	err := a.Store.View(ctx, read)
	a.do()
	return err
}

// Whoever changes the password, is deleted or is flagged meanwhile is not flagged for it.
func TestRequirePasswordResetsMeanwhile(t *testing.T) {
	s := open(t, person(1, outdated), person(2, outdated), person(3, outdated), person(4, outdated))
	s.front = afterLook{&s.store, sync.OnceFunc(func() {
		s.change(1, func(p *domain.Staff) { p.ChangePassword(hashOf(newPassword), porttest.Noon) })
		s.update(func(r ports.Records) error { return r.Staff().Delete(id(2)) })
		s.change(3, resetDue)
	})}
	got := execute(s, s.requirePasswordResets(), resets(application.ResetCriterion{WeakerThan: "memory"}))
	if flagged(got) != "4" || s.staff(1).Credentials.NeedsReset {
		t.Errorf("%q are flagged, want 4 alone", flagged(got))
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: id(4)})
}
