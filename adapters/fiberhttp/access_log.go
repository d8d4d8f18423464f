package fiberhttp

import (
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"
)

// logRequest writes one line for the request. It names the route, and never the path or the query as
// they were sent: people paste tokens into both.
func (f *front) logRequest(ctx *fasthttp.RequestCtx, id string) {
	path, known := f.pattern(pathOf(ctx))
	if !known {
		path = "(unknown)"
	}
	f.log.Info("request",
		zap.String("request_id", id),
		zap.String("method", methodOf(ctx)),
		zap.String("route", path),
		zap.Int("status", ctx.Response.StatusCode()),
		zap.Duration("duration", time.Since(ctx.Time())),
		zap.Stringer("client", f.clientAddress(ctx)),
	)
}

// pathOf is the path as it was sent. It is not normalised: each route has one spelling, and others
// are unknown paths.
func pathOf(ctx *fasthttp.RequestCtx) string { return string(ctx.URI().PathOriginal()) }

// methodOf is the method, or "(other)" for one that does not look like a method of HTTP.
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
