package fiberhttp_test

import (
	"context"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/application"
)

// Also an answer to what cannot be read is JSON, and says so.
func TestUnreadableRequestsAreAnsweredInJSON(t *testing.T) {
	for name, c := range unreadable {
		t.Run(name, func(t *testing.T) {
			answers := afterContinue(open(t).exchange(c.raw, "POST"))
			checkAlways(t, answers[0], nil)
		})
	}
}

// So is the answer after a panic.
func TestAPanicIsAnsweredInJSON(t *testing.T) {
	s := open(t, with(func(u *fiberhttp.UseCases) {
		u.VerifyToken = do[application.VerifyTokenQuery, application.VerifyTokenResult](
			func(context.Context, application.VerifyTokenQuery) (application.VerifyTokenResult, error) {
				panic("on purpose")
			})
	}))
	checkAlways(t, s.send(verifyAny), nil)
}

// Another server than ours, for which Handler is too, gives each response the type of
// plain text to begin with.
func TestHandlerAnswersUnknownMethodsInJSON(t *testing.T) {
	var ctx fasthttp.RequestCtx
	ctx.Init(new(fasthttp.Request), nil, nil)
	ctx.Request.Header.SetMethod("FOO")
	ctx.Request.SetRequestURI(mePath)
	open(t).server.Handler()(&ctx)
	if got := string(ctx.Response.Header.ContentType()); got != "application/json" {
		t.Errorf("Content-Type is %q", got)
	}
}

// A path that is spelled in another way is unknown, whatever the method is, and is logged
// as such.
func TestOtherSpellingsAreUnknownForEveryMethod(t *testing.T) {
	for _, path := range []string{"/accounts//me/", "//accounts/me/", "/accounts/%6de/", "/accounts/./me/", "/x/../accounts/me/", "/accounts%2fme/"} {
		for _, method := range []string{"FOO", "GET", "PUT"} {
			s := open(t)
			a := s.send(request{method: method, path: path})
			if a.status != 404 || a.body != notFound {
				t.Errorf("%s %s: got %d %s", method, path, a.status, a.body)
			}
			if got := s.logged.All()[0].ContextMap()["route"]; got != "(unknown)" {
				t.Errorf("%s %s is logged as %s", method, path, got)
			}
		}
	}
}

// What cannot be read may hold a token or a password: the log must not quote it.
func TestUnreadableRequestsAreNotLogged(t *testing.T) {
	const canary = "canary5e1f"
	for name, raw := range map[string]string{
		"two hosts":   lines("GET /healthz HTTP/1.1", host, host, bearer(canary)),
		"no host":     lines("GET /healthz HTTP/1.1", accessCookie(canary)),
		"bad request": lines("GET  /healthz?token="+canary+" HTTP/1.1", host),
		"bad header":  lines("GET /healthz HTTP/1.1", host, "Authorization : Bearer "+canary),
		"bad chunk":   lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: chunked") + canary + "\r\n{}\r\n0\r\n\r\n",
		"bad length":  lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: "+canary) + "{}",
		"bad method":  lines(`G"T`+canary+" /healthz HTTP/1.1", host),
		"bad host":    lines("GET /healthz HTTP/1.1", "Host: "+canary+" x"),
		"bad control": lines("GET /healthz?"+canary+"\x1b[2J HTTP/1.1", host),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.exchange(raw, "POST")
			if text := s.logText(); strings.Contains(text, canary) {
				t.Errorf("the log quotes the request:\n%s", text)
			}
			if n := s.logged.Len(); n != 1 {
				t.Errorf("there are %d lines for one request:\n%s", n, s.logText())
			}
		})
	}
}
