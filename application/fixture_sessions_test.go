package application_test

import (
	"errors"
	"reflect"
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// The use cases about sessions, made in the same way as the others.

func (s *shop) listSessions() *application.ListSessions {
	return application.NewListSessions(s.front, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) revokeSession() *application.RevokeSession {
	return application.NewRevokeSession(s.front, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) revokeOthers() *application.RevokeOtherSessions {
	return application.NewRevokeOtherSessions(s.front, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) listStaffSessions() *application.ListStaffSessions {
	return application.NewListStaffSessions(s.front, s.clock.Now, s.policy)
}

func (s *shop) endSession() *application.EndSession {
	return application.NewEndSession(s.front, s.clock.Now)
}

func (s *shop) endStaffSessions() *application.EndStaffSessions {
	return application.NewEndStaffSessions(s.front, s.clock.Now, s.policy)
}

func revoke(token domain.Token, session domain.SessionID) application.RevokeSessionCommand {
	return application.RevokeSessionCommand{Token: token, Session: session, Client: porttest.Client()}
}

func revokeOthersThan(token domain.Token) application.RevokeOtherSessionsCommand {
	return application.RevokeOtherSessionsCommand{Token: token, Client: porttest.Client()}
}

func signOutOf(scope application.Scope, tokens ...domain.Token) application.SignOutCommand {
	command := signOutWith(tokens...)
	command.Scope = scope
	return command
}

// idOf is the id of the session that a token of ours belongs to.
func (s *shop) idOf(token domain.Token) domain.SessionID {
	s.t.Helper()
	return s.claims(token).Session
}

// sessionEvent is what the audit trail says of a session of the n-th person that has ended.
func sessionEvent(kind domain.EventKind, n int, session domain.SessionID, reason domain.Reason) domain.AuditEvent {
	return domain.AuditEvent{Kind: kind, Outcome: domain.OutcomeSuccess, StaffID: id(n), Session: session, Reason: reason}
}

// mustList checks which sessions the owner of an access token is shown.
func (s *shop) mustList(access domain.Token, want ...domain.SessionID) {
	s.t.Helper()
	got := execute(s, s.listSessions(), application.ListSessionsQuery{Token: access})
	if got.Current != s.idOf(access) {
		s.t.Errorf("the current session is %q, want %q", got.Current, s.idOf(access))
	}
	mustBe(s.t, got.Sessions, want...)
}

func mustBe(t *testing.T, got []domain.Session, want ...domain.SessionID) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d sessions are listed, want %d: %+v", len(got), len(want), got)
		return
	}
	for i, session := range got {
		if session.ID != want[i] {
			t.Errorf("session %d is %s, want %s", i, session.ID, want[i])
		}
	}
}

// A refused access token is one that every use case for signed-in people refuses, and why.
type refusedToken struct {
	name  string
	token func(*shop) domain.Token
	want  error
}

var refusedTokens = []refusedToken{
	{"nothing", func(*shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
	{"refresh token", func(s *shop) domain.Token { return s.signIn(1).Refresh }, domain.ErrTokenWrongType},
	{"expired", func(s *shop) domain.Token {
		return s.alter(s.signIn(1).Access, func(c *domain.Claims) { c.ExpiresAt = s.clock.Now() })
	}, domain.ErrTokenExpired},
	{"signed out", func(s *shop) domain.Token {
		pair := s.signIn(1)
		execute(s, s.signOut(), signOutWith(pair.Access))
		return pair.Access
	}, domain.ErrSessionEnded},
	{"inactive", func(s *shop) domain.Token {
		pair := s.signIn(1)
		s.change(1, inactive)
		return pair.Access
	}, domain.ErrAccountInactive},
	{"reset due", func(s *shop) domain.Token {
		pair := s.signIn(1)
		s.change(1, resetDue)
		return pair.Access
	}, domain.ErrPasswordResetRequired},
	{"deleted", func(s *shop) domain.Token {
		pair := s.signIn(1)
		s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
		return pair.Access
	}, domain.ErrStaffNotFound},
	{"somebody else's session", func(s *shop) domain.Token {
		return s.alter(s.signIn(1).Access, func(c *domain.Claims) { c.UserID = string(id(2)) })
	}, domain.ErrSessionNotFound},
}

// mustRefuseTokens checks that none of those tokens gets anything, and that nothing changes.
func mustRefuseTokens(t *testing.T, call func(*shop, domain.Token) error) {
	t.Helper()
	for _, refused := range refusedTokens {
		s := open(t, person(1), person(2))
		s.signIn(1)
		s.signIn(2)
		token := refused.token(s)
		before := s.contents()
		if err := call(s, token); !errors.Is(err, refused.want) {
			t.Errorf("%s: %v, want %v", refused.name, err, refused.want)
		}
		s.mustStillBe(before)
	}
}

// mustStillBe checks that nothing of what is stored has changed.
func (s *shop) mustStillBe(before contents) {
	s.t.Helper()
	if after := s.contents(); !reflect.DeepEqual(after, before) {
		s.t.Errorf("something has changed: there is\n%+v, was\n%+v", after, before)
	}
}

// put stores a session behind the use cases' back.
func (s *shop) put(session domain.Session) {
	s.t.Helper()
	s.update(func(r ports.Records) error { return r.Sessions().Save(session) })
}

func (s *shop) session(id domain.SessionID) (session domain.Session) {
	s.t.Helper()
	s.view(func(r ports.Records) (err error) {
		session, err = r.Sessions().ByID(id)
		return err
	})
	return session
}
