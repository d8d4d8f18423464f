package fiberhttp

import (
	"fmt"
	"regexp"
	"runtime"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/body"
)

const (
	headerRequestID = "X-Request-Id"
	jsonType        = "application/json"
	requestIDKey    = "request id"
	// apiPolicy lets a browser do nothing with an answer but read it.
	apiPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// standardHeaders are on every answer that does not set them itself.
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

// finish completes an answer with what every answer carries.
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

// plainRequestID is what a proxy may call a request: it must not be able to spoil a log.
var plainRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the trusted proxy's name for the request, or a new one.
func (s *Server) requestID(ctx *fasthttp.RequestCtx) string {
	given := ctx.Request.Header.Peek(headerRequestID)
	if len(given) > 0 && s.trusts(peerAddress(ctx)) && plainRequestID.Match(given) {
		return string(given)
	}
	return string(s.tokenID())
}

// send answers with a body that is JSON already.
func send(c *fiber.Ctx, status int, content []byte) error {
	c.Response().Header.SetContentType(jsonType)
	return c.Status(status).Send(content)
}

// sendJSON answers with v as compact JSON.
func sendJSON(c *fiber.Ctx, v any) error {
	return send(c, fiber.StatusOK, body.AppendJSON(nil, v))
}

// empty is the body of an answer that has nothing to say but that it went well.
type empty struct{}

// describePanic tells as much of a panic as cannot hold a secret.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", cause)
}
