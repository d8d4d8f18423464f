package fiberhttp

import (
	"errors"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// What has just been done. The address says it, because the page is loaded anew after a POST.
const (
	doneField     = "done"
	doneSignedOut = "signed_out"
	doneEnded     = "ended"
	doneOthers    = "others_ended"
)

func doneParameter(c *fiber.Ctx) string { return string(c.Request().URI().QueryArgs().Peek(doneField)) }

// sessionsPage shows people where they are signed in, and lets them sign out there. It needs the
// cookies, so it is there in cookie mode only.
func (s *Server) sessionsPage(c *fiber.Ctx) error {
	do := s.showSessions
	if c.Method() == fiber.MethodPost {
		do = s.submitSessions
	}
	err := do(c)
	if errors.Is(err, domain.ErrPasswordResetRequired) {
		return seeOther(c, s.pages().Link("password_change", nil))
	}
	if err != nil && signedOut(err) {
		return seeOther(c, s.pages().Link("login", nextQuery(s.pages().Link("sessions", nil))))
	}
	return err
}

func (s *Server) showSessions(c *fiber.Ctx) error {
	return s.asSignedIn(c, unseen(c), func(token domain.Token) error {
		result, err := s.useCases.ListSessions.Execute(c.UserContext(), sessions.ListSessionsQuery{Token: token})
		if err != nil {
			return err
		}
		return s.sendPage(c, fiber.StatusOK, s.sessionsView(result, doneParameter(c)))
	})
}

func (s *Server) sessionsView(result sessions.ListSessionsResult, done string) pages.View {
	v := pages.View{
		Title:    s.say("sessions.title"),
		Lede:     s.say("sessions.lede", string(result.Owner.Email)),
		Sessions: []pages.SessionView{},
		Others:   len(result.Sessions) > 1,
		Links:    []pages.Link{{URL: s.pages().Link("password_change", nil), Text: s.say("link.change")}, {URL: s.pages().GoOn(""), Text: s.say("link.home")}},
	}
	if done == doneEnded || done == doneOthers {
		v.Status = s.say("sessions." + done)
	}
	slices.SortStableFunc(result.Sessions, func(a, b domain.Session) int { return currentFirst(a, b, result.Current) })
	for _, session := range result.Sessions {
		v.Sessions = append(v.Sessions, s.sessionView(session, result.Current))
	}
	return v
}

// currentFirst puts the current session first, and then the one that was used last.
func currentFirst(a, b domain.Session, current domain.SessionID) int {
	switch current {
	case a.ID:
		return -1
	case b.ID:
		return 1
	}
	return b.LastUsedAt.Compare(a.LastUsedAt)
}

func (s *Server) sessionView(session domain.Session, current domain.SessionID) pages.SessionView {
	shown := newSessionBody(session, current)
	if shown.Device == unknownDevice {
		shown.Device = s.say("sessions.device_unknown")
	}
	return pages.SessionView{
		ID: shown.ID, Device: shown.Device, Address: shown.Address, Current: shown.Current,
		LastUsed: s.pages().Moment(shown.LastUsed),
		Since:    s.pages().Moment(shown.Created),
	}
}

// submitSessions does what the pressed button says.
func (s *Server) submitSessions(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	switch {
	case given.Has("sign_out"):
		return s.signOutHere(c)
	case given.Has("others"):
		return s.asSignedIn(c, unseen(c), func(token domain.Token) error { return s.endOthers(c, token) })
	case given.Has("end"):
		id := domain.SessionID(given["end"].Text.Reveal())
		return s.asSignedIn(c, unseen(c), func(token domain.Token) error { return s.endSession(c, token, id) })
	}
	return s.backToSessions(c, "")
}

func (s *Server) endOthers(c *fiber.Ctx, token domain.Token) error {
	command := sessions.RevokeOtherSessionsCommand{Token: token, Client: s.client(c)}
	if _, err := s.useCases.RevokeOtherSessions.Execute(c.UserContext(), command); err != nil {
		return err
	}
	return s.backToSessions(c, doneOthers)
}

// endSession ends one session. It is no error if that is over already.
func (s *Server) endSession(c *fiber.Ctx, token domain.Token, id domain.SessionID) error {
	command := sessions.RevokeSessionCommand{Token: token, Session: id, Client: s.client(c)}
	result, err := s.useCases.RevokeSession.Execute(c.UserContext(), command)
	switch {
	case err != nil && !errors.Is(err, domain.ErrNotYourSession):
		return err
	case result.Own:
		return s.leave(c)
	}
	return s.backToSessions(c, doneEnded)
}

// signOutHere ends the current session. People who are signed out already are sent to the sign-in
// page, as by the other buttons.
func (s *Server) signOutHere(c *fiber.Ctx) error {
	if _, err := s.visitor(c, true); err != nil { // the new access token would serve no more
		return err
	}
	command := signin.SignOutCommand{Tokens: s.cookieTokens(c), Scope: signin.ScopeThis, Client: s.client(c)}
	if _, err := s.useCases.SignOut.Execute(c.UserContext(), command); err != nil {
		return err
	}
	return s.leave(c)
}

// leave deletes the cookies of a session that is over.
func (s *Server) leave(c *fiber.Ctx) error {
	s.dropCookies(c)
	s.settleDueChange(c)
	return seeOther(c, s.pages().Link("login", url.Values{doneField: {doneSignedOut}}))
}

func (s *Server) backToSessions(c *fiber.Ctx, done string) error {
	query := url.Values{}
	if done != "" {
		query.Set(doneField, done)
	}
	return seeOther(c, s.pages().Link("sessions", query))
}
