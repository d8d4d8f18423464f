package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// DueCookie is the name of the cookie that says whose password is due. An app that does not know of due
// passwords takes the sign-in for a good one, and asks me/ who is signed in. The cookie lets me/ answer that
// the password must be changed.
const DueCookie = "password_due"

// maxDueCookies is how many cookies of that name are looked at. A browser has one of ours, and may have
// one of a sibling domain.
const maxDueCookies = 4

// tellDueChange ends a sign-in in cookies that gets no tokens: the browser is signed out, and knows why.
func (s *Server) tellDueChange(c *fiber.Ctx, due domain.DueToken) {
	s.deleteCookies(c)
	s.setCookie(c, DueCookie, due.Reveal(), domain.DueLifetime)
}

// settleDueChange deletes the cookie, if the browser has it.
func (s *Server) settleDueChange(c *fiber.Ctx) {
	if len(cookieValues(c, DueCookie)) > 0 {
		s.setCookie(c, DueCookie, "", 0)
	}
}

// dueOwner returns the person that the request's due cookie names. It returns false without a good cookie.
// It signs no one in.
func (s *Server) dueOwner(c *fiber.Ctx) (owner domain.Staff, due bool, err error) {
	values := cookieValues(c, DueCookie)
	if !s.config.Cookies.Enabled || len(values) == 0 {
		return domain.Staff{}, false, nil
	}
	var query signin.FindDueChangeQuery
	for _, text := range values[:min(len(values), maxDueCookies)] {
		query.Tokens = append(query.Tokens, domain.NewDueToken(text))
	}
	result, err := s.useCases.FindDueChange.Execute(c.UserContext(), query)
	return result.Owner, result.Found, err
}

// unlessDue calls the handler. If the handler answers 401 and the password of the browser's last sign-in is
// due, the answer becomes a 403 that says so. Apps show the detail of a 403, and take a 401 for a sign-out.
func (s *Server) unlessDue(handler fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		refused := handler(c)
		if !isNotSignedIn(refused) {
			return refused
		}
		_, due, err := s.dueOwner(c)
		switch {
		case err != nil:
			return err
		case due:
			return s.errPasswordDue()
		}
		return refused
	}
}

// isNotSignedIn reports whether a request was refused for want of a good access token.
func isNotSignedIn(err error) bool {
	refused, ok := errors.AsType[*body.Refusal](err)
	return ok && refused.Status == fiber.StatusUnauthorized || signedOut(err)
}

func (s *Server) errPasswordDue() *body.Refusal {
	where := s.config.passwordChangeURL()
	return body.RefuseWith(fiber.StatusForbidden, codeBody{
		Detail: "Your password has to be changed before you can go on. Open " + where,
		Code:   passwordNeedsReset, PasswordResetURL: where,
	})
}
