package application_test

import (
	"errors"
	"testing"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// staffCommand is any of the operator's commands that change the account with an address.
type staffCommand func(s *apptest.Shop, email string) (domain.StaffChange, error)

func staffCommands(t *testing.T) map[string]staffCommand {
	ctx, client := t.Context(), porttest.Client()
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
