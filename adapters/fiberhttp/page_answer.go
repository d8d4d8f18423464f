package fiberhttp

import (
	"net/url"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/pages"
)

// ShowPages shows the pages with another configuration from now on. It may be called while
// requests are answered: a page that is being made at that moment may mix the texts of both.
// The logo of before is still served, because browsers that have just got a page load it next.
func (s *Server) ShowPages(config pages.Config) {
	next := pages.New(config, s.config.PublicURL)
	if before := s.shown.Load(); before != nil {
		next.KeepLogo(before)
	}
	s.shown.Store(next)
}

// pages are the pages as they are configured now.
func (s *Server) pages() *pages.Pages { return s.shown.Load() }

// say returns the text with the key.
func (s *Server) say(key string, arguments ...string) string {
	return s.pages().Say(key, arguments...)
}

// sendPage answers with a page of HTML.
func (s *Server) sendPage(c *fiber.Ctx, status int, v pages.View) error {
	return s.writePage(c.Context(), status, v)
}

func (s *Server) writePage(ctx *fasthttp.RequestCtx, status int, v pages.View) error {
	html, policy, err := s.pages().Render(v)
	if err != nil {
		return err
	}
	ctx.Response.Header.Set(fiber.HeaderContentSecurityPolicy, policy)
	ctx.Response.Header.SetContentType("text/html; charset=utf-8")
	ctx.SetStatusCode(status)
	ctx.SetBody(html)
	return nil
}

// seeOther sends a browser on with a GET, so that reloading repeats nothing.
func seeOther(c *fiber.Ctx, address string) error {
	c.Set(fiber.HeaderLocation, address)
	c.Status(fiber.StatusSeeOther)
	return nil
}

// assetPolicy lets a picture that is opened by itself do nothing. The logo comes from the
// operator, and an SVG may hold scripts.
const assetPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// pageAsset serves what pages load. Its address changes with its content, so a browser may keep
// it for a year.
func (s *Server) pageAsset(c *fiber.Ctx) error {
	file, found := s.pages().Asset(c.Params("id"))
	if !found {
		return errNotFound
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentSecurityPolicy, assetPolicy)
	c.Response().Header.SetContentType(file.MediaType)
	return c.Send(file.Content)
}

const nextField = "next"

// next is the address in ?next=, where the person wants to go afterwards. It is "" if there is none,
// or if it may not be redirected to.
func (s *Server) next(c *fiber.Ctx) string { return s.nextOf(c.Context()) }

func (s *Server) nextOf(ctx *fasthttp.RequestCtx) string {
	values, err := url.ParseQuery(string(ctx.URI().QueryString()))
	if err != nil || len(values[nextField]) != 1 || !s.pages().MayLeadTo(values.Get(nextField)) {
		return ""
	}
	return values.Get(nextField)
}

// nextQuery is the query that hands next on to another of our pages.
func nextQuery(next string) url.Values {
	if next == "" {
		return nil
	}
	return url.Values{nextField: {next}}
}
