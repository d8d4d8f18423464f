package application_test

import (
	"errors"
	"testing"

	"gatehouse/application/audit"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func peopleCalls(t *testing.T) map[string]apptest.Call {
	ctx := t.Context()
	return map[string]apptest.Call{
		"sign in": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(2, apptest.Password)))
		},
		"sign in, outdated hash": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(1, apptest.Password)))
		},
		"sign in, wrong": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(2, apptest.Wrong)))
		},
		"sign in, unknown": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(9, apptest.Password)))
		},
		"refresh": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RefreshAccess().Execute(ctx, apptest.RefreshWith(ours.Refresh)))
		},
		"refresh, Django's": func(s *apptest.Shop, _ signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.RefreshAccess().Execute(ctx, apptest.RefreshWith(django)))
		},
		"refresh, refused": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RefreshAccess().Execute(ctx, apptest.RefreshWith(s.Django(domain.RefreshToken, 3))))
		},
		"sign in, change due": func(s *apptest.Shop, ours signin.TokenPair, django domain.Token) error {
			cmd := apptest.SignInAs(4, apptest.Password)
			cmd.SetsCookies, cmd.Previous = true, []domain.Token{ours.Access, django}
			return apptest.Failure(s.ObtainTokens().Execute(ctx, cmd))
		},
		"renew": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RenewAccess().Execute(ctx, apptest.RenewWith(ours.Refresh)))
		},
		"renew, unseen": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			command := apptest.RenewWith(ours.Refresh)
			command.Unseen = true
			return apptest.Failure(s.RenewAccess().Execute(ctx, command))
		},
		"verify": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.VerifyToken().Execute(ctx, apptest.Verify(ours.Access)))
		},
		"verify, Django's": func(s *apptest.Shop, _ signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.VerifyToken().Execute(ctx, apptest.Verify(django)))
		},
		"sign out": func(s *apptest.Shop, ours signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.SignOut().Execute(ctx, apptest.SignOutWith(ours.Access, django)))
		},
		"sign out everywhere": func(s *apptest.Shop, ours signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.SignOut().Execute(ctx, apptest.SignOutOf(signin.ScopeAll, django, ours.Refresh)))
		},
		"sign out others": func(s *apptest.Shop, _ signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.SignOut().Execute(ctx, apptest.SignOutOf(signin.ScopeOthers, django)))
		},
		"sign in, replacing": func(s *apptest.Shop, ours signin.TokenPair, django domain.Token) error {
			command := apptest.SignInAs(1, apptest.Password)
			command.Previous = []domain.Token{ours.Refresh, django}
			return apptest.Failure(s.ObtainTokens().Execute(ctx, command))
		},
		"sign in, one too many": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			s.Policy.MaxSessions = 1
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(2, apptest.Password)))
		},
		"blacklist": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.BlacklistToken().Execute(ctx, apptest.Blacklist(ours.Refresh)))
		},
		"blacklist, Django's": func(s *apptest.Shop, _ signin.TokenPair, django domain.Token) error {
			return apptest.Failure(s.BlacklistToken().Execute(ctx, apptest.Blacklist(django)))
		},
		"me": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.CurrentStaff().Execute(ctx, apptest.Me(ours.Access)))
		},
		"request reset": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RequestPasswordReset().Execute(ctx, apptest.ResetOf(apptest.Address(2))))
		},
		"request reset, unknown": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RequestPasswordReset().Execute(ctx, apptest.ResetOf("nobody@example.test")))
		},
		"confirm reset": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ConfirmPasswordReset().Execute(ctx, apptest.Confirm(2, apptest.LinkOfPersonTwo, apptest.NewPassword)))
		},
		"confirm reset, wrong link": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ConfirmPasswordReset().Execute(ctx, apptest.Confirm(2, "wrong", apptest.NewPassword)))
		},
		"change password": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ChangePassword().Execute(ctx, apptest.ChangeAs(2, apptest.Password, apptest.NewPassword)))
		},
		"change password, by access token": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			cmd := apptest.ChangeAs(2, apptest.Password, apptest.NewPassword)
			cmd.Username, cmd.Access = "", ours.Access
			return apptest.Failure(s.ChangePassword().Execute(ctx, cmd))
		},
	}
}

func operatorCalls(t *testing.T) map[string]apptest.Call {
	ctx := t.Context()
	calls := map[string]apptest.Call{
		"import": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			deactivated := apptest.Row(2, func(r *domain.ImportRow) { r.IsActive = domain.Says(false) })
			return apptest.Failure(s.ImportStaff().Execute(ctx, apptest.ImportOf(apptest.Row(4), deactivated, apptest.Row(5))))
		},
		"import, partial": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			cmd := apptest.ImportOf(apptest.Row(4), apptest.Row(5))
			cmd.Partial = true
			return apptest.Failure(s.ImportStaff().Execute(ctx, cmd))
		},
		"add": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.AddStaff().Execute(ctx, roster.AddStaffCommand{Profile: apptest.Person(6).Profile, Client: porttest.Operator()}))
		},
		"list": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ListStaff().Execute(ctx, roster.ListStaffQuery{Client: porttest.Operator()}))
		},
		"show": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ShowStaff().Execute(ctx, roster.ShowStaffQuery{Client: porttest.Operator(), Email: apptest.Address(2)}))
		},
		"list events": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ListAuditEvents().Execute(ctx, audit.ListAuditEventsQuery{Client: porttest.Operator(), Email: apptest.Address(2)}))
		},
		"forget failures": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ForgetFailures().Execute(ctx, upkeep.ForgetFailuresCommand{}))
		},
	}
	for name, command := range staffCommands(t) {
		who := map[bool]string{true: apptest.Address(3), false: apptest.Address(2)}[name == "activate"]
		calls[name] = func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(command(s, who))
		}
	}
	return calls
}

// Whichever call to the store, or to the hasher of passwords, fails, a use case says so, never as if it were a refusal,
// and leaves everything as it was.
func TestFaultsAreToldAndUndone(t *testing.T) {
	for _, calls := range []map[string]apptest.Call{peopleCalls(t), operatorCalls(t)} {
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				n := 1
				for apptest.MustUndo(t, n, call) {
					n++
				}
				if n < 2 {
					t.Errorf("%d calls to the store are too few to be true", n-1)
				}
			})
		}
	}
}

// A token that cannot be signed is told, and none of the others is handed out. What has been stored stays:
// the client signs in, or refreshes, again.
func TestFaultsOfTheSignerAreTold(t *testing.T) {
	ctx := t.Context()
	for name, test := range map[string]struct {
		signs int
		call  func(*apptest.Shop, signin.TokenPair) error
	}{
		"sign in": {2, func(s *apptest.Shop, _ signin.TokenPair) error {
			return apptest.Failure(s.ObtainTokens().Execute(ctx, apptest.SignInAs(1, apptest.Password)))
		}},
		"refresh": {1, func(s *apptest.Shop, pair signin.TokenPair) error {
			return apptest.Failure(s.RefreshAccess().Execute(ctx, apptest.RefreshWith(pair.Refresh)))
		}},
		"refresh, rotating": {2, func(s *apptest.Shop, pair signin.TokenPair) error {
			s.Policy.Rotation = domain.RotateAlways
			return apptest.Failure(s.RefreshAccess().Execute(ctx, apptest.RefreshWith(pair.Refresh)))
		}},
		"renew": {1, func(s *apptest.Shop, pair signin.TokenPair) error {
			return apptest.Failure(s.RenewAccess().Execute(ctx, apptest.RenewWith(pair.Refresh)))
		}},
	} {
		for n := 1; n <= test.signs+1; n++ {
			s := apptest.Open(t, apptest.Person(1))
			pair, signer, faults := s.SignIn(1), s.Signer, &apptest.Faulty{Calls: n}
			s.Signer = apptest.FaultySigner{TokenSigner: signer, Faulty: faults}
			err := test.call(s, pair)
			if want := n <= test.signs; faults.Failed != want || errors.Is(err, domain.ErrUnavailable) != want {
				t.Errorf("%s: token %d cannot be signed (it came to that: %t): %v", name, n, faults.Failed, err)
			}
			s.Signer = signer
			if err := test.call(s, pair); err != nil {
				t.Errorf("%s: again after token %d: %v", name, n, err)
			}
		}
	}
}
