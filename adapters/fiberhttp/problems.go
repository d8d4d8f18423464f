package fiberhttp

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/intake"
	"gatehouse/domain"
)

// A problem is the answer to an error.
type problem struct {
	err        error
	status     int
	code       string
	detail     string
	retryAfter int // seconds; 0 for none
}

// problems lists the answer to each error of a use case. The first row that [errors.Is] finds counts.
// An error in no row is answered 500, which does not tell the cause.
var problems = []problem{
	{err: domain.ErrInvalidCredentials, status: 401, code: "no_active_account", detail: "No active account found with the given credentials"},
	{err: domain.ErrPasswordResetRequired, status: 401, code: passwordNeedsReset, detail: "The password must be changed before signing in again."},
	{err: domain.ErrLinkInvalid, status: 400, code: "link_not_valid", detail: "This link is not valid any more. Ask for a new one."},
	{err: domain.ErrThrottled, status: 429, code: throttledCode, detail: "Request was throttled."},
	{err: domain.ErrNotAllowed, status: 403, code: "permission_denied", detail: "You do not have permission to perform this action."},
	{err: domain.ErrLastSuperuser, status: 409, code: "last_superuser", detail: "This is the last superuser. Make somebody else one first."},
	{err: domain.ErrCrossSite, status: 403, code: "csrf_failed", detail: "CSRF Failed: the request comes from another site."},

	{err: domain.ErrTokenInvalid, status: 401, code: tokenNotValid, detail: "Token is invalid"},
	{err: domain.ErrTokenExpired, status: 401, code: tokenNotValid, detail: "Token is expired"},
	{err: domain.ErrTokenWrongType, status: 401, code: tokenNotValid, detail: "Token has wrong type"},
	{err: domain.ErrTokenNoType, status: 401, code: tokenNotValid, detail: "Token has no type"},
	{err: domain.ErrTokenNoID, status: 401, code: tokenNotValid, detail: "Token has no id"},
	{err: domain.ErrTokenNoExpiry, status: 401, code: tokenNotValid, detail: "Token has no 'exp' claim"},
	{err: domain.ErrTokenNoStaff, status: 401, code: tokenNotValid, detail: "Token contained no recognizable user identification"},
	{err: domain.ErrSessionEnded, status: 401, code: tokenNotValid, detail: "Token is blacklisted"},
	{err: domain.ErrSessionNotFound, status: 401, code: tokenNotValid, detail: "Token is blacklisted"},
	{err: domain.ErrAccountInactive, status: 401, code: "no_active_account", detail: "No active account found for the given token."},
	{err: domain.ErrNotYourSession, status: 404, code: "session_not_found", detail: "You have no such session."},
	{err: domain.ErrStaffNotFound, status: 404, code: "user_not_found", detail: "User not found"},

	{err: domain.ErrOverloaded, status: 503, code: unavailable, detail: "Too many people are signing in at once. Try again in a moment.", retryAfter: 2},
	{err: domain.ErrOutboxFull, status: 503, code: unavailable, detail: "Too many messages are waiting to be sent. Try again later, or ask an administrator for a link.", retryAfter: 60},
	{err: domain.ErrUnavailable, status: 503, code: unavailable, detail: "The service cannot do this right now. Try again in a moment.", retryAfter: 5},
	{err: context.DeadlineExceeded, status: 503, code: unavailable, detail: "The service took too long. Try again in a moment.", retryAfter: 5},
}

const (
	tokenNotValid      = "token_not_valid"
	passwordNeedsReset = "password_needs_reset"
	unavailable        = "unavailable"
	throttledCode      = "throttled"
)

// The answers to requests that reach no use case.
var (
	errNotFound        = body.Refuse(fiber.StatusNotFound, "Not found.")
	errNoCredentials   = body.Refuse(fiber.StatusUnauthorized, "Authentication credentials were not provided.")
	errBadHeader       = codeError(fiber.StatusUnauthorized, "bad_authorization_header", "Authorization header must contain two space-delimited values")
	errAmbiguousCookie = codeError(fiber.StatusBadRequest, "ambiguous_cookie", "A cookie was sent twice with different values.")
	errServer          = codeError(fiber.StatusInternalServerError, "server_error", "A server error occurred.")
)

func errTransport(sentence string) error {
	return codeError(fiber.StatusBadRequest, "bad_token_transport", sentence)
}

func errMethodNotAllowed(method string) *body.Refusal {
	return body.Refuse(fiber.StatusMethodNotAllowed, "Method "+strconv.Quote(method)+" not allowed.")
}

func codeError(status int, code, sentence string) *body.Refusal {
	return body.RefuseWith(status, codeBody{Detail: sentence, Code: code})
}

// codeBody is the usual answer of a refusal.
type codeBody struct {
	Detail string `json:"detail"`
	Code   string `json:"code"`
	// PasswordResetURL is set only when the password must be changed.
	PasswordResetURL string `json:"password_reset_url,omitempty"`
}

// answerError is Fiber's error handler: every error of a handler ends here.
func (f *front) answerError(c *fiber.Ctx, err error) error {
	f.respond(c.Context(), f.refusalOf(c, err))
	return nil
}

// refusalOf is the answer that err is, or the one to it.
func (s *Server) refusalOf(c *fiber.Ctx, err error) *body.Refusal {
	if refused, ok := errors.AsType[*body.Refusal](err); ok {
		return refused
	}
	return s.refusal(c, err)
}

// refusal finds the answer to an error of a use case, sets its Retry-After, and logs errors of ours.
func (s *Server) refusal(c *fiber.Ctx, err error) *body.Refusal {
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		setRetryAfter(c, throttled)
		return codeError(fiber.StatusTooManyRequests, throttledCode, throttledDetail(throttled))
	}
	for _, p := range problems {
		if !errors.Is(err, p.err) {
			continue
		}
		if p.retryAfter > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(p.retryAfter))
			s.logUnavailable(c, err)
		}
		answer := codeBody{Detail: p.detail, Code: p.code}
		if p.err == domain.ErrPasswordResetRequired {
			answer.PasswordResetURL = s.config.passwordChangeURL()
		}
		return body.RefuseWith(p.status, answer)
	}
	s.log.Error("server error", zap.String("request_id", requestIDOf(c.Context())), zap.Error(err))
	return errServer
}

// logUnavailable writes a line for the request. Errors that come in floods share one line a minute.
func (s *Server) logUnavailable(c *fiber.Ctx, err error) {
	switch {
	case errors.Is(err, domain.ErrOverloaded):
		s.busy.Add("too many sign-ins at once")
		return
	case errors.Is(err, domain.ErrOutboxFull):
		s.fullOutbox.Add("the outbox is full: nobody can ask for a link until the mail server takes letters again")
		return
	}
	s.log.Error("unavailable", zap.String("request_id", requestIDOf(c.Context())), zap.Error(err))
}

// answerPanic answers a request whose handler has panicked. The value is logged by its
// type alone unless it is an error of the runtime: it might hold a secret.
func (f *front) answerPanic(ctx *fasthttp.RequestCtx, cause any) {
	f.log.Error("panic", zap.String("request_id", requestIDOf(ctx)), zap.String("cause", describePanic(cause)), zap.StackSkip("stack", 2))
	ctx.Response.Reset()
	f.respond(ctx, errServer)
}

// describePanic tells the message of an error of the runtime. Of any other value it tells the type
// alone, because the value might hold a secret.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", cause)
}

// answerUnknownMethod answers a method that Fiber does not know.
func (f *front) answerUnknownMethod(ctx *fasthttp.RequestCtx) {
	refused := errNotFound
	if allow, known := f.allow(pathOf(ctx)); known {
		ctx.Response.Header.Set(fiber.HeaderAllow, allow)
		refused = errMethodNotAllowed(methodOf(ctx))
	}
	f.respond(ctx, refused)
}

// answerUnreadable answers a request that cannot be read, and closes the connection.
func (f *front) answerUnreadable(ctx *fasthttp.RequestCtx, err error) {
	refused := unreadable(err)
	intake.Linger(ctx.Conn(), writeTimeout) // the deadline of the answer before may be over
	ctx.Response.Reset()
	f.respond(ctx, refused)
	ctx.SetConnectionClose()
	id := string(f.tokenID())
	f.finish(ctx, id)
	f.log.Warn("unreadable request",
		zap.String("request_id", id), zap.Int("status", refused.Status), zap.Stringer("client", peerAddress(ctx)))
}

func unreadable(err error) *body.Refusal {
	if _, ok := errors.AsType[*fasthttp.ErrSmallBuffer](err); ok {
		return body.Refuse(fiber.StatusRequestHeaderFieldsTooLarge, "The request's headers are too large.")
	}
	if timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && timeout.Timeout() {
		return body.Refuse(fiber.StatusRequestTimeout, "The request took too long to arrive.")
	}
	if errors.Is(err, fasthttp.ErrBodyTooLarge) {
		return body.Refuse(fiber.StatusRequestEntityTooLarge, "The request's body is larger than 64 KiB.")
	}
	return body.Refuse(fiber.StatusBadRequest, "The request cannot be understood.")
}
