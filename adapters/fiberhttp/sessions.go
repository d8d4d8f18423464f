package fiberhttp

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/sessions"
	"gatehouse/domain"
)

// sessionBody is a session of the person who asks. Its times are in RFC 3339.
type sessionBody struct {
	ID       string    `json:"id"`
	Created  time.Time `json:"created"`
	LastUsed time.Time `json:"last_used"`
	Address  string    `json:"address"`
	Device   string    `json:"device"`
	Current  bool      `json:"current"`
}

func (s *Server) listSessions(c *fiber.Ctx) error {
	var result sessions.ListSessionsResult
	err := s.asSignedIn(c, unseen(c), func(token domain.Token) (err error) {
		result, err = s.useCases.ListSessions.Execute(c.UserContext(), sessions.ListSessionsQuery{Token: token})
		return err
	})
	if err != nil {
		return accessRefusal(err)
	}
	sessions := []sessionBody{}
	for _, session := range result.Sessions {
		sessions = append(sessions, newSessionBody(session, result.Current))
	}
	return sendJSON(c, sessions)
}

func newSessionBody(session domain.Session, current domain.SessionID) sessionBody {
	answer := sessionBody{
		ID:       string(session.ID),
		Created:  session.CreatedAt,
		LastUsed: session.LastUsedAt,
		Device:   deviceName(session.UserAgent),
		Current:  session.ID == current,
	}
	if session.LastAddress.IsValid() {
		answer.Address = session.LastAddress.String()
	}
	return answer
}

func (s *Server) revokeSession(c *fiber.Ctx) error {
	command := sessions.RevokeSessionCommand{Session: domain.SessionID(strings.Clone(c.Params("id"))), Client: s.client(c)}
	var result sessions.RevokeSessionResult
	err := s.asSignedIn(c, unseen(c), func(token domain.Token) (err error) {
		command.Token = token
		result, err = s.useCases.RevokeSession.Execute(c.UserContext(), command)
		return err
	})
	if err != nil {
		return accessRefusal(err)
	}
	if result.Own && s.carriesCookies(c) {
		s.dropCookies(c)
		s.settleDueChange(c)
	}
	return sendJSON(c, empty{})
}

// endedBody says how many sessions were ended.
type endedBody struct {
	Ended int `json:"ended"`
}

func (s *Server) revokeOtherSessions(c *fiber.Ctx) error {
	var result sessions.RevokeOtherSessionsResult
	err := s.asSignedIn(c, unseen(c), func(token domain.Token) (err error) {
		command := sessions.RevokeOtherSessionsCommand{Token: token, Client: s.client(c)}
		result, err = s.useCases.RevokeOtherSessions.Execute(c.UserContext(), command)
		return err
	})
	if err != nil {
		return accessRefusal(err)
	}
	return sendJSON(c, endedBody(result))
}
