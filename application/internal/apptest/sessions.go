package apptest

import (
	"errors"
	"reflect"
	"testing"

	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// The use cases about sessions, made in the same way as the others.

func (s *Shop) ListSessions() *sessions.ListSessions {
	return sessions.NewListSessions(s.Front, &s.tokens, s.Clock.Now, s.Policy)
}

func (s *Shop) RevokeSession() *sessions.RevokeSession {
	return sessions.NewRevokeSession(s.Front, &s.tokens, s.Clock.Now, s.Policy)
}

func (s *Shop) RevokeOtherSessions() *sessions.RevokeOtherSessions {
	return sessions.NewRevokeOtherSessions(s.Front, &s.tokens, s.Clock.Now, s.Policy)
}

func (s *Shop) ListStaffSessions() *sessions.ListStaffSessions {
	return sessions.NewListStaffSessions(s.Front, s.Clock.Now, s.Policy)
}

func (s *Shop) RevokeStaffSession() *sessions.RevokeStaffSession {
	return sessions.NewRevokeStaffSession(s.Front, s.Clock.Now)
}

func (s *Shop) RevokeStaffSessions() *sessions.RevokeStaffSessions {
	return sessions.NewRevokeStaffSessions(s.Front, s.Clock.Now, s.Policy)
}

func Revoke(token domain.Token, session domain.SessionID) sessions.RevokeSessionCommand {
	return sessions.RevokeSessionCommand{Token: token, Session: session, Client: porttest.Client()}
}

func RevokeOthersThan(token domain.Token) sessions.RevokeOtherSessionsCommand {
	return sessions.RevokeOtherSessionsCommand{Token: token, Client: porttest.Client()}
}

func SignOutOf(scope signin.Scope, tokens ...domain.Token) signin.SignOutCommand {
	command := SignOutWith(tokens...)
	command.Scope = scope
	return command
}

// IdOf is the id of the session that a token of ours belongs to.
func (s *Shop) IdOf(token domain.Token) domain.SessionID {
	s.T.Helper()
	return s.Claims(token).Session
}

// SessionEvent is what the audit trail says of a session of the n-th person that has ended.
func SessionEvent(kind domain.EventKind, n int, session domain.SessionID, reason domain.Reason) domain.AuditEvent {
	return domain.AuditEvent{Kind: kind, Outcome: domain.OutcomeSuccess, StaffID: Id(n), Session: session, Reason: reason}
}

// MustList checks which sessions the owner of an access token is shown.
func (s *Shop) MustList(access domain.Token, want ...domain.SessionID) {
	s.T.Helper()
	got := Execute(s, s.ListSessions(), sessions.ListSessionsQuery{Token: access})
	if got.Current != s.IdOf(access) {
		s.T.Errorf("the current session is %q, want %q", got.Current, s.IdOf(access))
	}
	mustBe(s.T, got.Sessions, want...)
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
	token func(*Shop) domain.Token
	want  error
}

var refusedTokens = []refusedToken{
	{"nothing", func(*Shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
	{"refresh token", func(s *Shop) domain.Token { return s.SignIn(1).Refresh }, domain.ErrTokenWrongType},
	{"expired", func(s *Shop) domain.Token {
		return s.Alter(s.SignIn(1).Access, func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now() })
	}, domain.ErrTokenExpired},
	{"signed out", func(s *Shop) domain.Token {
		pair := s.SignIn(1)
		Execute(s, s.SignOut(), SignOutWith(pair.Access))
		return pair.Access
	}, domain.ErrSessionEnded},
	{"inactive", func(s *Shop) domain.Token {
		pair := s.SignIn(1)
		s.Change(1, Inactive)
		return pair.Access
	}, domain.ErrAccountInactive},
	{"reset due", func(s *Shop) domain.Token {
		pair := s.SignIn(1)
		s.Change(1, ResetDue)
		return pair.Access
	}, domain.ErrPasswordResetRequired},
	{"deleted", func(s *Shop) domain.Token {
		pair := s.SignIn(1)
		s.Update(func(r ports.Records) error { return r.Staff().Delete(Id(1)) })
		return pair.Access
	}, domain.ErrStaffNotFound},
	{"somebody else's session", func(s *Shop) domain.Token {
		return s.Alter(s.SignIn(1).Access, func(c *domain.Claims) { c.UserID = string(Id(2)) })
	}, domain.ErrSessionNotFound},
}

// MustRefuseTokens checks that none of those tokens gets anything, and that nothing changes.
func MustRefuseTokens(t *testing.T, call func(*Shop, domain.Token) error) {
	t.Helper()
	for _, refused := range refusedTokens {
		s := Open(t, Person(1), Person(2))
		s.SignIn(1)
		s.SignIn(2)
		token := refused.token(s)
		before := s.Contents()
		if err := call(s, token); !errors.Is(err, refused.want) {
			t.Errorf("%s: %v, want %v", refused.name, err, refused.want)
		}
		s.MustStillBe(before)
	}
}

// MustStillBe checks that nothing of what is stored has changed.
func (s *Shop) MustStillBe(before Contents) {
	s.T.Helper()
	if after := s.Contents(); !reflect.DeepEqual(after, before) {
		s.T.Errorf("something has changed: there is\n%+v, was\n%+v", after, before)
	}
}

// Put stores a session behind the use cases' back.
func (s *Shop) Put(session domain.Session) {
	s.T.Helper()
	s.Update(func(r ports.Records) error { return r.Sessions().Save(session) })
}

func (s *Shop) Session(id domain.SessionID) (session domain.Session) {
	s.T.Helper()
	s.View(func(r ports.Records) (err error) {
		session, err = r.Sessions().ByID(id)
		return err
	})
	return session
}
