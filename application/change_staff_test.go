package application_test

import (
	"errors"
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// staffCommand is any of the operator's commands that change the account with an address.
type staffCommand func(s *shop, email string) (application.StaffChange, error)

func staffCommands(t *testing.T) map[string]staffCommand {
	ctx, client := t.Context(), porttest.Client()
	return map[string]staffCommand{
		"activate": func(s *shop, email string) (application.StaffChange, error) {
			return s.activateStaff().Execute(ctx, application.ActivateStaffCommand{Email: email, Client: client})
		},
		"deactivate": func(s *shop, email string) (application.StaffChange, error) {
			return s.deactivateStaff().Execute(ctx, application.DeactivateStaffCommand{Email: email, Client: client})
		},
		"require a reset": func(s *shop, email string) (application.StaffChange, error) {
			return s.requirePasswordReset().Execute(ctx, application.RequirePasswordResetCommand{Email: email, Client: client})
		},
		"leave": func(s *shop, email string) (application.StaffChange, error) {
			return s.leaveStaff().Execute(ctx, application.LeaveStaffCommand{Email: email, On: date("2026-03-03"), Client: client})
		},
		"set password": func(s *shop, email string) (application.StaffChange, error) {
			return s.setPassword().Execute(ctx, application.SetPasswordCommand{Email: email, Password: domain.NewPassword(newPassword), Client: client})
		},
		"unlock": func(s *shop, email string) (application.StaffChange, error) {
			return s.unlockStaff().Execute(ctx, application.UnlockStaffCommand{Email: email, Client: client})
		},
		"delete": func(s *shop, email string) (application.StaffChange, error) {
			return s.deleteStaff().Execute(ctx, application.DeleteStaffCommand{Email: email, Client: client})
		},
	}
}

func TestStaffCommandsFindNobody(t *testing.T) {
	for name, command := range staffCommands(t) {
		before := person(1)
		s := open(t, before)
		for _, email := range []string{"", "nobody@example.test", address(1) + " "} {
			got, err := command(s, email)
			if !errors.Is(err, domain.ErrStaffNotFound) || got != (application.StaffChange{}) {
				t.Errorf("%s %q: %+v, %v; want ErrStaffNotFound alone", name, email, got, err)
			}
		}
		s.mustAudit()
		if got := s.staff(1); got != before {
			t.Errorf("%s: the account has become %+v", name, got)
		}
	}
}

// The address may be typed in any case, and nobody else is touched.
func TestStaffCommandsChangeOneAccount(t *testing.T) {
	for name, command := range staffCommands(t) {
		other := person(2)
		s := open(t, person(1, inactive), other)
		pair := s.signIn(2)
		if _, err := command(s, "PERSON1@EXAMPLE.TEST"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.staff(2); got != other {
			t.Errorf("%s: the other account has become %+v", name, got)
		}
		s.mustAccess(pair.Access, nil)
	}
}
