package fiberhttp

import (
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"
)

// logRequest writes the one line of a request. It names the route, never the path or the
// query as sent: people paste tokens into both.
func (s *Server) logRequest(ctx *fasthttp.RequestCtx, id string) {
	path, known := s.pattern(pathOf(ctx))
	if !known {
		path = "(unknown)"
	}
	s.log.Info("request",
		zap.String("request_id", id),
		zap.String("method", methodOf(ctx)),
		zap.String("route", path),
		zap.Int("status", ctx.Response.StatusCode()),
		zap.Duration("duration", time.Since(ctx.Time())),
		zap.Stringer("client", s.clientAddress(ctx)),
	)
}

// pathOf is the path as it was sent: the routes are spelled in one way only, and so another
// spelling is another path.
func pathOf(ctx *fasthttp.RequestCtx) string { return string(ctx.URI().PathOriginal()) }

// methodOf is the method, or what stands for one that nobody knows.
func methodOf(ctx *fasthttp.RequestCtx) string {
	const longest = 16
	method := ctx.Method()
	if len(method) > longest {
		return "(other)"
	}
	for _, c := range method {
		if c < 'A' || c > 'Z' {
			return "(other)"
		}
	}
	return string(method)
}
