package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/domain"
)

// denied answers a person or a program whose request may not pass. It renews nothing, because the proxy has
// asked /check before.
func (f *front) denied(c *fiber.Ctx) error {
	asked, err := f.question(c)
	if err != nil {
		return err
	}
	if _, err = f.judge(c, asked, true); err == nil {
		err = domain.ErrNotAllowed // the proxy says so: it has asked for roles that it does not name here
	}
	refused := f.guardRefusal(c, err)
	if refused.Status == fiber.StatusUnauthorized {
		err = f.orDue(c, err)
		refused = f.guardRefusal(c, err)
	}
	switch navigates := f.navigates(c.Context()); {
	case navigates && refused.Status == fiber.StatusUnauthorized:
		return seeOther(c, f.wayIn(asked.original, err))
	case navigates && errors.Is(err, domain.ErrNotAllowed):
		return f.sendPage(c, refused.Status, f.notAllowedView())
	}
	return refused
}

// orDue is the reason why a client is signed out: err, or that a change of the password is due, if its cookie
// says so.
func (s *Server) orDue(c *fiber.Ctx, err error) error {
	_, due, failed := s.dueOwner(c)
	switch {
	case failed != nil:
		return failed
	case due:
		return domain.ErrPasswordResetRequired
	}
	return err
}

// navigates reports whether a browser is about to show the answer (Fetch standard, Sec-Fetch-Mode). One that
// does not say so asks for HTML. Without cookie mode there is no page to lead to.
func (s *Server) navigates(ctx *fasthttp.RequestCtx) bool {
	header := &ctx.Request.Header
	if mode := header.Peek("Sec-Fetch-Mode"); len(mode) > 0 {
		return s.config.Cookies.Enabled && string(mode) == "navigate"
	}
	return s.config.Cookies.Enabled && acceptsHTML(header.PeekAll(fiber.HeaderAccept))
}

// wayIn is the page where a person signs in, or changes the password first, and then goes on to where the
// request was going.
func (s *Server) wayIn(o original, refused error) string {
	page := "login"
	if errors.Is(refused, domain.ErrPasswordResetRequired) {
		page = "password_change"
	}
	return s.config.origin() + s.pages().Link(page, nextQuery(s.wayBack(o)))
}

// wayBack is the address of the request as ?next= may have it, or "". An address of ours begins with its
// path, so it does not depend on how the proxy was reached.
func (s *Server) wayBack(o original) string {
	address := pages.Plain(o.uri)
	if o.origin() != s.config.origin() {
		address = o.origin() + address
	}
	if !s.pages().MayLeadTo(address) {
		return ""
	}
	return address
}

func (s *Server) notAllowedView() pages.View {
	return pages.View{Title: s.say("not_allowed.title"), Lede: s.say("not_allowed"), Links: []pages.Link{
		{URL: s.config.origin() + s.pages().Link("login", nil), Text: s.say("not_allowed.other")},
		{URL: s.pages().GoOn(""), Text: s.say("link.home")},
	}}
}
