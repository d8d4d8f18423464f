package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func sessionCalls(t *testing.T) map[string]call {
	ctx := t.Context()
	return map[string]call{
		"list sessions": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.listSessions().Execute(ctx, application.ListSessionsQuery{Token: ours.Access}))
		},
		"revoke the own session": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.revokeSession().Execute(ctx, revoke(ours.Access, s.idOf(ours.Access))))
		},
		"revoke others": func(s *shop, _ application.TokenPair, django domain.Token) error {
			access := s.alter(django, func(c *domain.Claims) { c.Type = domain.AccessToken })
			return failure(s.revokeOthers().Execute(ctx, revokeOthersThan(access)))
		},
		"sign out everywhere": func(s *shop, ours application.TokenPair, django domain.Token) error {
			return failure(s.signOut().Execute(ctx, signOutOf(application.ScopeAll, django, ours.Refresh)))
		},
		"sign out others": func(s *shop, _ application.TokenPair, django domain.Token) error {
			return failure(s.signOut().Execute(ctx, signOutOf(application.ScopeOthers, django)))
		},
		"sign in, replacing": func(s *shop, ours application.TokenPair, django domain.Token) error {
			command := signInAs(1, password)
			command.Previous = []domain.Token{ours.Refresh, django}
			return failure(s.obtainTokens().Execute(ctx, command))
		},
		"sign in, one too many": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			s.policy.MaxSessions = 1
			return failure(s.obtainTokens().Execute(ctx, signInAs(2, password)))
		},
		"list for an operator": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.listStaffSessions().Execute(ctx, application.ListStaffSessionsQuery{}))
		},
		"list of one person": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.listStaffSessions().Execute(ctx, application.ListStaffSessionsQuery{Email: address(2)}))
		},
		"end a session": func(s *shop, ours application.TokenPair, _ domain.Token) error {
			return failure(s.endSession().Execute(ctx, application.EndSessionCommand{Session: s.idOf(ours.Access)}))
		},
		"end a person's sessions": func(s *shop, _ application.TokenPair, _ domain.Token) error {
			return failure(s.endStaffSessions().Execute(ctx, application.EndStaffSessionsCommand{Email: address(2)}))
		},
	}
}

// What is said of the other use cases in [TestFaultsAreToldAndUndone] goes for these.
func TestFaultsOfSessionsAreToldAndUndone(t *testing.T) {
	for name, call := range sessionCalls(t) {
		t.Run(name, func(t *testing.T) {
			n := 1
			for mustUndo(t, n, call) {
				n++
			}
			if n < 3 {
				t.Errorf("%d calls to the store are too few to be true", n-1)
			}
		})
	}
}
