package credentials_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// staffroom has somebody of each kind.
func staffroom(t *testing.T) *apptest.Shop {
	recent := func(p *domain.Staff) { p.Credentials.ChangedAt = porttest.Noon.Add(-24 * time.Hour) }
	longAgo := func(p *domain.Staff) { p.Credentials.ChangedAt = porttest.Noon.Add(-366 * 24 * time.Hour) }
	return apptest.Open(t, apptest.Person(1, recent), apptest.Person(2, recent, apptest.Outdated), apptest.Person(3, longAgo), apptest.Person(4, longAgo, apptest.Inactive),
		apptest.Person(5), apptest.Person(6, apptest.Unusable), apptest.Person(7, apptest.ResetDue, apptest.Outdated), apptest.Person(8, apptest.Unusable, apptest.ResetDue))
}

func resets(whose credentials.ResetCriterion) credentials.RequirePasswordResetsCommand {
	return credentials.RequirePasswordResetsCommand{Whose: whose, Client: porttest.Operator()}
}

func flagged(result credentials.RequirePasswordResetsResult) (numbers string) {
	for _, staff := range result.Staff {
		numbers += string(staff.ID[len(staff.ID)-1:])
	}
	return numbers
}

func TestRequirePasswordResets(t *testing.T) {
	for want, whose := range map[string]credentials.ResetCriterion{
		"12345": {All: true},
		"2":     {WeakerThan: "memory"},
		"345":   {OlderThan: 365 * 24 * time.Hour}, // the age of 5 is unknown
		"":      {},
	} {
		s := staffroom(t)
		dry := resets(whose)
		dry.DryRun = true
		if got := flagged(apptest.Execute(s, s.RequirePasswordResets(), dry)); got != want {
			t.Errorf("%+v: the dry run finds %q, want %q", whose, got, want)
		}
		s.MustAudit()
		if got := flagged(apptest.Execute(s, s.RequirePasswordResets(), resets(whose))); got != want {
			t.Errorf("%+v flags %q, want %q", whose, got, want)
		}
		var events []domain.AuditEvent
		for _, n := range want {
			who := int(n - '0')
			events = append(events, domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(who)})
			if staff := s.Staff(who); !staff.Credentials.NeedsReset || staff.UpdatedAt != s.Clock.Now() {
				t.Errorf("%+v: the account is %+v", whose, staff)
			}
		}
		s.MustAudit(events...)
		if got := flagged(apptest.Execute(s, s.RequirePasswordResets(), resets(whose))); got != "" {
			t.Errorf("%+v: the second time %q are flagged, want nobody", whose, got)
		}
	}
}

// When a change becomes due, the person's sessions stop working.
func TestRequirePasswordResetsEndsSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Unusable))
	pair := s.SignIn(1)
	apptest.Execute(s, s.RequirePasswordResets(), resets(credentials.ResetCriterion{All: true}))
	s.MustAccess(pair.Access, domain.ErrPasswordResetRequired)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrPasswordResetRequired)
}

func TestRequirePasswordResetsOfAnUnknownKind(t *testing.T) {
	s := staffroom(t)
	got, err := s.RequirePasswordResets().Execute(t.Context(), resets(credentials.ResetCriterion{WeakerThan: "rot13"}))
	if !errors.Is(err, domain.ErrUnknownHash) || len(got.Staff) > 0 {
		t.Errorf("%+v, %v; want that there is no such kind", got, err)
	}
	s.MustAudit()
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

// A person is skipped if they change the password, are deleted or are flagged while the command runs.
func TestRequirePasswordResetsMeanwhile(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.Outdated), apptest.Person(2, apptest.Outdated), apptest.Person(3, apptest.Outdated), apptest.Person(4, apptest.Outdated))
	s.Front = afterLook{&s.Store, sync.OnceFunc(func() {
		s.Change(1, func(p *domain.Staff) { p.ChangePassword(apptest.HashOf(apptest.NewPassword), porttest.Noon) })
		s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(2)) })
		s.Change(3, apptest.ResetDue)
	})}
	got := apptest.Execute(s, s.RequirePasswordResets(), resets(credentials.ResetCriterion{WeakerThan: "memory"}))
	if flagged(got) != "4" || s.Staff(1).Credentials.NeedsReset {
		t.Errorf("%q are flagged, want 4 alone", flagged(got))
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(4)})
}
