package application_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/application/sessions"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// staffCommand is any of the operator's commands that change the account with an address.
type staffCommand func(s *apptest.Shop, email string) (domain.StaffChange, error)

func staffCommands(t *testing.T) map[string]staffCommand {
	return staffCommandsOf(t, porttest.Operator())
}

func staffCommandsOf(t *testing.T, client domain.Client) map[string]staffCommand {
	ctx := t.Context()
	return map[string]staffCommand{
		"activate": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.ActivateStaff().Execute(ctx, roster.ActivateStaffCommand{Email: email, Client: client})
		},
		"deactivate": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.DeactivateStaff().Execute(ctx, roster.DeactivateStaffCommand{Email: email, Client: client})
		},
		"require a reset": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.RequirePasswordReset().Execute(ctx, credentials.RequirePasswordResetCommand{Email: email, Client: client})
		},
		"leave": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.LeaveStaff().Execute(ctx, roster.LeaveStaffCommand{Email: email, On: apptest.Date("2026-03-03"), Client: client})
		},
		"set password": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.SetPassword().Execute(ctx, credentials.SetPasswordCommand{Email: email, Password: domain.NewPassword(apptest.NewPassword), Client: client})
		},
		"unlock": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.UnlockStaff().Execute(ctx, roster.UnlockStaffCommand{Email: email, Client: client})
		},
		"delete": func(s *apptest.Shop, email string) (domain.StaffChange, error) {
			return s.DeleteStaff().Execute(ctx, roster.DeleteStaffCommand{Email: email, Client: client})
		},
	}
}

func TestStaffCommandsFindNobody(t *testing.T) {
	for name, command := range staffCommands(t) {
		before := apptest.Person(1)
		s := apptest.Open(t, before)
		for _, email := range []string{"", "nobody@example.test", apptest.Address(1) + " "} {
			got, err := command(s, email)
			if !errors.Is(err, domain.ErrStaffNotFound) || got != (domain.StaffChange{}) {
				t.Errorf("%s %q: %+v, %v; want ErrStaffNotFound alone", name, email, got, err)
			}
		}
		s.MustAudit()
		if got := s.Staff(1); got != before {
			t.Errorf("%s: the account has become %+v", name, got)
		}
	}
}

// The address may be typed in any case, and no other account changes.
func TestStaffCommandsChangeOneAccount(t *testing.T) {
	for name, command := range staffCommands(t) {
		other := apptest.Person(2)
		s := apptest.Open(t, apptest.Person(1, apptest.Inactive), other)
		pair := s.SignIn(2)
		if _, err := command(s, "PERSON1@EXAMPLE.TEST"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.Staff(2); got != other {
			t.Errorf("%s: the other account has become %+v", name, got)
		}
		s.MustAccess(pair.Access, nil)
	}
}

// Without the right nothing is changed. One event is written, which names the actor.
func TestStaffCommandsAskWhoActs(t *testing.T) {
	office := domain.Actor{Kind: domain.ActorOffice, Staff: apptest.Id(2)}
	for who, actor := range map[string]domain.Actor{"a stranger": {}, "the person": {Kind: domain.ActorPerson, Staff: apptest.Id(1)}, "the office": office} {
		for name, command := range staffCommandsOf(t, domain.Client{Actor: actor}) {
			boss := apptest.Person(1, func(s *domain.Staff) { s.IsSuperuser = true })
			s := apptest.Open(t, boss, apptest.Person(2))
			s.SignIn(1)
			before := s.Contents()
			if _, err := command(s, apptest.Address(1)); !errors.Is(err, domain.ErrNotAllowed) {
				t.Errorf("%s by %s: %v", name, who, err)
			}
			mustOnlyTell(t, s, before, name+" by "+who, domain.AuditEvent{StaffID: apptest.Id(1), Client: domain.Client{Actor: actor}})
		}
	}
}

// The commands that are not about one account, or about more than it, ask as well.
func TestOtherCommandsAskWhoActs(t *testing.T) {
	ctx, stranger := t.Context(), domain.Client{}
	for name, command := range map[string]func(*apptest.Shop) error{
		"add": func(s *apptest.Shop) error {
			return apptest.Failure(s.AddStaff().Execute(ctx, roster.AddStaffCommand{Profile: porttest.Person(2).Profile, Client: stranger}))
		},
		"import": func(s *apptest.Shop) error {
			row := domain.NewImportRow(1, apptest.Id(1), porttest.Person(1).Profile, domain.UnusablePassword, false)
			return apptest.Failure(s.ImportStaff().Execute(ctx, roster.ImportStaffCommand{Rows: []domain.ImportRow{row}, Partial: true, Client: stranger}))
		},
		"reset link": func(s *apptest.Shop) error {
			return apptest.Failure(s.IssueLink().Execute(ctx, credentials.IssueLinkCommand{Email: apptest.Address(1), Purpose: domain.LinkReset, Lifetime: time.Hour, Client: stranger}))
		},
		"require resets": func(s *apptest.Shop) error {
			return apptest.Failure(s.RequirePasswordResets().Execute(ctx, credentials.RequirePasswordResetsCommand{Whose: credentials.ResetCriterion{All: true}, Client: stranger}))
		},
		"revoke a session": func(s *apptest.Shop) error {
			return apptest.Failure(s.RevokeStaffSession().Execute(ctx, sessions.RevokeStaffSessionCommand{Session: s.IdOf(s.SignIn(1).Access), Client: stranger}))
		},
		"revoke all sessions": func(s *apptest.Shop) error {
			return apptest.Failure(s.RevokeStaffSessions().Execute(ctx, sessions.RevokeStaffSessionsCommand{Email: apptest.Address(1), Client: stranger}))
		},
	} {
		s := apptest.Open(t, apptest.Person(1))
		if err := command(s); !errors.Is(err, domain.ErrNotAllowed) {
			t.Errorf("%s: %v", name, err)
		}
		tried := 0
		for _, event := range s.Contents().Events {
			switch {
			case event.Kind == domain.EventSignIn:
			case event.Outcome != domain.OutcomeBlocked || event.Reason != domain.ReasonNotAllowed:
				t.Errorf("%s: %+v is written", name, event)
			default:
				tried++
			}
		}
		if tried != 1 {
			t.Errorf("%s: %d refusals are written, want 1", name, tried)
		}
	}
}

// mustOnlyTell checks that nothing has changed since, but for the event of one refusal.
func mustOnlyTell(t *testing.T, s *apptest.Shop, before apptest.Contents, what string, want domain.AuditEvent) {
	t.Helper()
	after := s.Contents()
	if len(after.Events) != len(before.Events)+1 {
		t.Errorf("%s: %d events are written, want 1", what, len(after.Events)-len(before.Events))
		return
	}
	got := after.Events[0]
	after.Events = after.Events[1:]
	if !reflect.DeepEqual(after, before) {
		t.Errorf("%s: something has changed:\n%+v, was\n%+v", what, after, before)
	}
	if got.Kind == "" || got.Outcome != domain.OutcomeBlocked || got.Reason != domain.ReasonNotAllowed || got.StaffID != want.StaffID || got.Client.Actor != want.Client.Actor {
		t.Errorf("%s: written is %+v", what, got)
	}
}

// A list of a colleague does not take the last superuser away either, and changes nothing then.
func TestAListThatTakesTheLastSuperuser(t *testing.T) {
	list := apptest.ImportOf(apptest.Row(1, func(r *domain.ImportRow) { r.IsActive = domain.Says(false) }), apptest.Row(2))
	open := func() *apptest.Shop {
		s := apptest.Open(t)
		apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1, func(r *domain.ImportRow) { r.IsSuperuser = domain.Says(true) })))
		return s
	}
	s := open()
	if got := apptest.Execute(s, s.ImportStaff(), list); !got.LastSuperuser {
		t.Errorf("an operator is told %+v", got)
	}
	s, list.Client = open(), domain.Client{Actor: domain.Actor{Kind: domain.ActorSuperuser, Staff: apptest.Id(3)}}
	before := s.Contents()
	if got, err := s.ImportStaff().Execute(t.Context(), list); !errors.Is(err, domain.ErrLastSuperuser) || len(got.Rows) > 0 {
		t.Errorf("a colleague: %+v, %v", got, err)
	}
	after := s.Contents()
	if event := after.Events[0]; event.Reason != domain.ReasonLastSuperuser || len(after.Events) != len(before.Events)+1 || !reflect.DeepEqual(after.Staff, before.Staff) {
		t.Errorf("a colleague has left %+v", after)
	}
}

// Reading accounts, sessions and the audit trail asks who acts as well: the office may see people, and a
// superuser the trail too.
func TestReadingAsksWhoActs(t *testing.T) {
	ctx := t.Context()
	one, two := domain.Actor{Kind: domain.ActorOffice, Staff: apptest.Id(1)}, domain.Actor{Kind: domain.ActorSuperuser, Staff: apptest.Id(1)}
	all := []domain.Actor{domain.Operator("mia"), domain.Service(), two}
	people := append(all[:len(all):len(all)], one)
	for name, c := range map[string]struct {
		read func(*apptest.Shop, domain.Client) error
		may  []domain.Actor
	}{
		"list": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.ListStaff().Execute(ctx, roster.ListStaffQuery{Client: by}))
		}, people},
		"show": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.ShowStaff().Execute(ctx, roster.ShowStaffQuery{Email: apptest.Address(1), Client: by}))
		}, people},
		"whose password is weak": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.RequirePasswordResets().Execute(ctx, credentials.RequirePasswordResetsCommand{Whose: credentials.ResetCriterion{All: true}, DryRun: true, Client: by}))
		}, people},
		"sessions": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.ListStaffSessions().Execute(ctx, sessions.ListStaffSessionsQuery{Client: by}))
		}, people},
		"audit list": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.ListAuditEvents().Execute(ctx, audit.ListAuditEventsQuery{Client: by}))
		}, all},
		"audit export": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.ExportAuditEvents().Execute(ctx, audit.ExportAuditEventsQuery{Client: by, Write: func(domain.SealedEvent) error { return nil }}))
		}, all},
		"audit verify": {func(s *apptest.Shop, by domain.Client) error {
			return apptest.Failure(s.VerifyAuditTrail(apptest.Known{}).Execute(ctx, audit.VerifyAuditTrailQuery{Client: by}))
		}, all},
	} {
		for _, actor := range append(people, domain.Actor{}, domain.Actor{Kind: domain.ActorPerson, Staff: apptest.Id(1)}) {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			s.SignIn(2)
			before, may, what := s.Contents(), slices.Contains(c.may, actor), fmt.Sprintf("%s by %+v", name, actor)
			err := c.read(s, domain.Client{Actor: actor})
			switch {
			case may && err != nil, !may && !errors.Is(err, domain.ErrNotAllowed):
				t.Errorf("%s: %v, want allowed: %t", what, err, may)
			case may:
				s.MustStillBe(before)
			default:
				mustOnlyTell(t, s, before, what, domain.AuditEvent{Client: domain.Client{Actor: actor}})
			}
		}
	}
}

// The last superuser is not shut out by a colleague, whatever the way. Somebody at the command line may do
// it, and is told.
func TestTheLastSuperuserStays(t *testing.T) {
	superuser := func(s *domain.Staff) { s.IsSuperuser = true }
	colleague := domain.Client{Actor: domain.Actor{Kind: domain.ActorSuperuser, Staff: apptest.Id(3)}}
	for _, way := range []string{"deactivate", "leave", "delete"} {
		for name, c := range map[string]struct {
			others []domain.Staff
			last   bool
		}{
			"alone":                     {nil, true},
			"beside one who is gone":    {[]domain.Staff{apptest.Person(2, superuser, apptest.Inactive)}, true},
			"beside one who will leave": {[]domain.Staff{apptest.Person(2, superuser, func(s *domain.Staff) { s.DateLeft = apptest.Date("2026-12-24") })}, true},
			"beside another":            {[]domain.Staff{apptest.Person(2, superuser)}, false},
		} {
			people := append([]domain.Staff{apptest.Person(1, superuser)}, c.others...)
			s := apptest.Open(t, people...)
			before := s.Contents()
			got, err := staffCommandsOf(t, colleague)[way](s, apptest.Address(1))
			if c.last != errors.Is(err, domain.ErrLastSuperuser) || !c.last && (err != nil || got.LastSuperuser) {
				t.Errorf("%s %s by a colleague: %+v, %v", way, name, got, err)
			}
			if event := s.Contents().Events[0]; c.last && (event.Reason != domain.ReasonLastSuperuser || event.Outcome != domain.OutcomeBlocked || event.StaffID != apptest.Id(1) || s.Staff(1) != before.Staff[0]) {
				t.Errorf("%s %s by a colleague: written is %+v", way, name, event)
			}
			s = apptest.Open(t, people...)
			if got, err := staffCommands(t)[way](s, apptest.Address(1)); err != nil || got.LastSuperuser != c.last {
				t.Errorf("%s %s by an operator: %+v, %v", way, name, got, err)
			}
		}
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
		if got, err := staffCommandsOf(t, colleague)[way](s, apptest.Address(1)); err != nil || got.LastSuperuser {
			t.Errorf("%s of somebody else: %+v, %v", way, got, err)
		}
	}
}
