package sessions_test

import (
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func sessionCalls(t *testing.T) map[string]apptest.Call {
	ctx := t.Context()
	return map[string]apptest.Call{
		"list sessions": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ListSessions().Execute(ctx, sessions.ListSessionsQuery{Token: ours.Access}))
		},
		"revoke the own session": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RevokeSession().Execute(ctx, apptest.Revoke(ours.Access, s.IdOf(ours.Access))))
		},
		"revoke others": func(s *apptest.Shop, _ signin.TokenPair, django domain.Token) error {
			access := s.Alter(django, func(c *domain.Claims) { c.Type = domain.AccessToken })
			return apptest.Failure(s.RevokeOtherSessions().Execute(ctx, apptest.RevokeOthersThan(access)))
		},
		"list for an operator": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ListStaffSessions().Execute(ctx, sessions.ListStaffSessionsQuery{Client: porttest.Operator()}))
		},
		"list of one person": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.ListStaffSessions().Execute(ctx, sessions.ListStaffSessionsQuery{Client: porttest.Operator(), Email: apptest.Address(2)}))
		},
		"end a session": func(s *apptest.Shop, ours signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RevokeStaffSession().Execute(ctx, sessions.RevokeStaffSessionCommand{Session: s.IdOf(ours.Access), Client: porttest.Operator()}))
		},
		"end a person's sessions": func(s *apptest.Shop, _ signin.TokenPair, _ domain.Token) error {
			return apptest.Failure(s.RevokeStaffSessions().Execute(ctx, sessions.RevokeStaffSessionsCommand{Email: apptest.Address(2), Client: porttest.Operator()}))
		},
	}
}

// What is said of the other use cases in [application.TestFaultsAreToldAndUndone] goes for these.
func TestFaultsOfSessionsAreToldAndUndone(t *testing.T) {
	for name, call := range sessionCalls(t) {
		t.Run(name, func(t *testing.T) {
			n := 1
			for apptest.MustUndo(t, n, call) {
				n++
			}
			if n < 3 {
				t.Errorf("%d calls to the store are too few to be true", n-1)
			}
		})
	}
}
