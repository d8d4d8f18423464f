package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func peopleCalls(t *testing.T) map[string]call {
	ctx := t.Context()
	return map[string]call{
		"sign in": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.obtainTokens().Execute(ctx, signInAs(2, password)))
		},
		"sign in, outdated hash": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.obtainTokens().Execute(ctx, signInAs(1, password)))
		},
		"sign in, wrong": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.obtainTokens().Execute(ctx, signInAs(2, wrong)))
		},
		"sign in, unknown": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.obtainTokens().Execute(ctx, signInAs(9, password)))
		},
		"refresh": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.refreshAccess().Execute(ctx, refreshWith(ours.Refresh)))
		},
		"refresh, Django's": func(s *shop, _ application.TokenPair, django domain.Token) error {
			return failure(s.refreshAccess().Execute(ctx, refreshWith(django)))
		},
		"refresh, refused": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.refreshAccess().Execute(ctx, refreshWith(s.django(domain.RefreshToken, 3))))
		},
		"renew": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.renewAccess().Execute(ctx, renewWith(ours.Refresh)))
		},
		"verify": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.verifyToken().Execute(ctx, verify(ours.Access)))
		},
		"verify, Django's": func(s *shop, _ application.TokenPair, django domain.Token) error {
			return failure(s.verifyToken().Execute(ctx, verify(django)))
		},
		"sign out": func(s *shop, ours application.TokenPair, django domain.Token) error {
			return failure(s.signOut().Execute(ctx, signOutWith(ours.Access, django)))
		},
		"blacklist": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.blacklistToken().Execute(ctx, blacklist(ours.Refresh)))
		},
		"blacklist, Django's": func(s *shop, _ application.TokenPair, django domain.Token) error {
			return failure(s.blacklistToken().Execute(ctx, blacklist(django)))
		},
		"me": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.currentStaff().Execute(ctx, me(ours.Access)))
		},
		"request reset": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.requestReset().Execute(ctx, resetOf(address(2))))
		},
		"request reset, unknown": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.requestReset().Execute(ctx, resetOf("nobody@example.test")))
		},
		"confirm reset": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.confirmReset().Execute(ctx, confirm(2, linkOfPersonTwo, newPassword)))
		},
		"confirm reset, wrong link": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.confirmReset().Execute(ctx, confirm(2, "wrong", newPassword)))
		},
		"change password": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.changePassword().Execute(ctx, changeAs(2, password, newPassword)))
		},
		"change password, by access token": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			cmd := changeAs(2, password, newPassword)
			cmd.Username, cmd.Access = "", ours.Access
			return failure(s.changePassword().Execute(ctx, cmd))
		},
	}
}

func operatorCalls(t *testing.T) map[string]call {
	ctx := t.Context()
	calls := map[string]call{
		"import": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			deactivated := row(2, func(r *domain.ImportRow) { r.IsActive = domain.Says(false) })
			return failure(s.importStaff().Execute(ctx, importOf(row(4), deactivated, row(5))))
		},
		"import, partial": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			cmd := importOf(row(4), row(5))
			cmd.Partial = true
			return failure(s.importStaff().Execute(ctx, cmd))
		},
		"add": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.addStaff().Execute(ctx, application.AddStaffCommand{Profile: person(6).Profile}))
		},
		"list": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.listStaff().Execute(ctx, application.ListStaffQuery{}))
		},
		"show": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.showStaff().Execute(ctx, application.ShowStaffQuery{Email: address(2)}))
		},
		"list events": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.listAuditEvents().Execute(ctx, application.ListAuditEventsQuery{Email: address(2)}))
		},
	}
	for name, command := range staffCommands(t) {
		who := map[bool]string{true: address(3), false: address(2)}[name == "activate"]
		calls[name] = func(s *shop, _ application.TokenPair, _ domain.Token) error { return failure(command(s, who)) }
	}
	return calls
}

// Whichever call to the store fails, a use case says so, never as if it were a refusal,
// and leaves everything as it was.
func TestFaultsAreToldAndUndone(t *testing.T) {
	for _, calls := range []map[string]call{peopleCalls(t), operatorCalls(t)} {
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				n := 1
				for mustUndo(t, n, call) {
					n++
				}
				if n < 2 {
					t.Errorf("%d calls to the store are too few to be true", n-1)
				}
			})
		}
	}
}
