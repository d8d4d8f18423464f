package application_test

import (
	"errors"
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

// Whoever may not change an account changes nothing, and writes nothing.
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
			s.MustStillBe(before)
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
		for _, event := range apptest.Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{}) {
			if event.Kind != domain.EventSignIn {
				t.Errorf("%s: %s is written", name, event.Kind)
			}
		}
	}
}
