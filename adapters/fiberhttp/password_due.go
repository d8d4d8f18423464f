package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// DueCookie is the name of the cookie that says whose change of the password is due. Apps that do not know of
// such a change go on after a sign-in without tokens, and ask me/ who is signed in. With the cookie,
// me/ can tell them why nobody is.
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

// dueOwner returns the person whose change is due, as a good cookie of the request says. It returns false
// if there is no such cookie. It signs nobody in.
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

// unlessDue answers as the handler does. Where that refuses because nobody is signed in, and a due change
// is the reason, it says so: 403, because apps show the detail of a 403, and take a 401 for a sign-out.
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
