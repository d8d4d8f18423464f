package fiberhttp

import (
	"regexp"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/proof"
)

const (
	headerRequestID = "X-Request-Id"
	jsonType        = "application/json"
	requestIDKey    = "request id"
	// apiPolicy is the Content-Security-Policy of all that is no page: a browser may only read it.
	apiPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// standardHeaders are on every answer, unless the handler has set them.
func standardHeaders(config Config) [][2]string {
	headers := [][2]string{
		{fiber.HeaderCacheControl, "no-store"},
		{fiber.HeaderXContentTypeOptions, "nosniff"},
		{fiber.HeaderReferrerPolicy, "no-referrer"},
		{fiber.HeaderContentSecurityPolicy, apiPolicy},
	}
	if config.PublicURL.Scheme == "https" {
		headers = append(headers, [2]string{fiber.HeaderStrictTransportSecurity, "max-age=31536000"})
	}
	return headers
}

// finish adds the headers that every answer has.
func (s *Server) finish(ctx *fasthttp.RequestCtx, requestID string) {
	header := &ctx.Response.Header
	for _, h := range s.headers {
		if len(header.Peek(h[0])) == 0 {
			header.Set(h[0], h[1])
		}
	}
	if status := ctx.Response.StatusCode(); len(header.ContentType()) == 0 && status != fiber.StatusNoContent && status != fiber.StatusSeeOther {
		header.SetContentType(jsonType)
	}
	if ctx.Response.StatusCode() == fiber.StatusUnauthorized {
		header.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="api"`)
	}
	header.Set(headerRequestID, requestID)
	s.allowOrigin(ctx)
}

// proveAnswer proves to the check of the reverse proxy that we have answered, and says how the request
// arrived here. Other requests get no such header.
func (f *front) proveAnswer(ctx *fasthttp.RequestCtx) {
	question := ctx.Request.Header.Peek(proof.Header)
	if len(question) == 0 {
		return
	}
	said := proof.Statement{Listener: "guard", Address: "unknown", Believed: f.trusts(peerAddress(ctx))}
	if f == f.site {
		said.Listener = "site"
	}
	if address := f.clientAddress(ctx); address.IsValid() {
		said.Address = address.String()
	}
	if answer := proof.Answer(f.config.CheckKey, string(question), said); answer != "" {
		ctx.Response.Header.Set(proof.Header, answer)
	}
}

// plainRequestID is a request id that is accepted from a trusted proxy. It cannot spoil a log.
var plainRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the id that a trusted proxy has given the request, or a new one.
func (s *Server) requestID(ctx *fasthttp.RequestCtx) string {
	given := ctx.Request.Header.Peek(headerRequestID)
	if len(given) > 0 && s.trustsPeer(ctx) && plainRequestID.Match(given) {
		return string(given)
	}
	return string(s.tokenID())
}

// send answers with content that is JSON already.
func send(c *fiber.Ctx, status int, content []byte) error {
	c.Response().Header.SetContentType(jsonType)
	return c.Status(status).Send(content)
}

// sendJSON answers with v as compact JSON.
func sendJSON(c *fiber.Ctx, v any) error {
	return send(c, fiber.StatusOK, body.AppendJSON(nil, v))
}

// empty is the answer {}: it went well, and there is nothing to add.
type empty struct{}
