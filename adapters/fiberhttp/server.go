package fiberhttp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp/intake"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/ports"
)

// Limits on the size of a request and on the time to send it. The headers have room for two tokens
// and the usual cookies of a browser.
const (
	maxBodySize   = 64 << 10
	maxHeaderSize = 16 << 10
	readTimeout   = 10 * time.Second
	writeTimeout  = 10 * time.Second
	idleTimeout   = 60 * time.Second
)

// A Server answers HTTP requests with use cases, at two listeners: one for people and apps, and the
// guard for reverse proxies. It may be used concurrently.
type Server struct {
	config   Config
	useCases UseCases
	keys     ports.PublicKeys
	clock    ports.Clock
	tokenID  ports.NewTokenID
	log      *zap.Logger
	headers  [][2]string
	shown    atomic.Pointer[pages.Pages] // see [Server.ShowPages]
	pace     intake.Pace
	// busy: too many people sign in at once. fullOutbox: too many letters wait to be sent.
	busy, fullOutbox *intake.Complaint
	unclear          unclearQuestion
	site, guard      *front
}

// A front is what the server is at one of its listeners.
type front struct {
	*Server
	paths   map[string]route
	handler fasthttp.RequestHandler
	http    *fasthttp.Server
	// forPeople reports whether a refusal is answered with a page.
	forPeople func(*fasthttp.RequestCtx) bool
}

// New makes a Server. Nothing listens yet.
func New(config Config, useCases UseCases, keys ports.PublicKeys, clock ports.Clock, tokenID ports.NewTokenID, log *zap.Logger) *Server {
	s := &Server{
		config: config, useCases: useCases, keys: keys, clock: clock, tokenID: tokenID, log: log,
		headers:    standardHeaders(config),
		pace:       intake.NewPace(),
		busy:       intake.NewComplaint(log, clock),
		fullOutbox: intake.NewComplaint(log, clock),
		unclear:    unclearQuestion{intake.NewComplaint(log, clock)},
	}
	s.ShowPages(config.Pages)
	s.site = s.newSite()
	s.guard = s.newGuard()
	return s
}

func (s *Server) newSite() *front {
	f := &front{Server: s}
	f.forPeople = f.asksForPage
	f.open(maxHeaderSize, func(app *fiber.App) {
		f.register(app, f.routes())
		app.Use(f.homePage)
	})
	return f
}

// open makes the handler that finds the route of a request. Only the handler of the Fiber app is used;
// newHTTP listens in the place of Fiber, with timeouts.
func (f *front) open(maxHeaderSize int, register func(*fiber.App)) {
	app := fiber.New(fiber.Config{
		CaseSensitive:         true,
		StrictRouting:         true,
		DisableStartupMessage: true,
		ErrorHandler:          f.answerError,
		BodyLimit:             maxBodySize,
		ReadBufferSize:        maxHeaderSize,
	})
	f.paths = map[string]route{}
	register(app)
	f.handler, f.http = app.Handler(), f.newHTTP(maxHeaderSize)
}

func (f *front) newHTTP(maxHeaderSize int) *fasthttp.Server {
	return &fasthttp.Server{
		Handler:                      f.serve,
		ErrorHandler:                 f.answerUnreadable,
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		DisablePreParseMultipartForm: true,
		MaxRequestBodySize:           maxBodySize,
		ReadBufferSize:               maxHeaderSize,
		Concurrency:                  2 * f.config.maxConnections(), // never reached: [intake.NewListener] limits before
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		CloseOnShutdown:              true,
		Logger:                       silent{}, // its lines quote requests; answerUnreadable logs without quoting
	}
}

// silent is a log that drops every line.
type silent struct{}

// Printf implements [fasthttp.Logger].
func (silent) Printf(string, ...any) {}

// Serve answers the requests of people and apps that come in at listener, until Shutdown is called.
func (s *Server) Serve(listener net.Listener) error { return s.site.answer(listener) }

func (f *front) answer(listener net.Listener) error {
	return f.http.Serve(intake.NewListener(listener, f.config.maxConnections(), f.tooManyConnections, f.clock, f.log))
}

// tooManyConnections is the answer to connections beyond the limit, as it goes over the wire.
func (s *Server) tooManyConnections() []byte {
	var response fasthttp.Response
	response.SetStatusCode(fiber.StatusServiceUnavailable)
	for _, h := range s.headers {
		response.Header.Set(h[0], h[1])
	}
	response.Header.SetContentType(jsonType)
	response.Header.Set(fiber.HeaderRetryAfter, "5")
	response.Header.Set(headerRequestID, string(s.tokenID()))
	response.SetConnectionClose()
	response.SetBody(codeError(fiber.StatusServiceUnavailable, unavailable, "Too many connections are open. Try again in a moment.").Body)
	var wire bytes.Buffer
	_, _ = response.WriteTo(&wire) // writing to memory does not fail
	return wire.Bytes()
}

// Shutdown stops accepting connections at both listeners and waits for the running requests. When ctx
// ends first, it returns the error of ctx. Call it once: a second call does not wait. The guard stops
// last, so that a proxy can still ask about requests of people that are under way.
func (s *Server) Shutdown(ctx context.Context) error {
	return errors.Join(s.site.http.ShutdownWithContext(ctx), s.guard.http.ShutdownWithContext(ctx))
}

// Handler answers one request of a person or an app. Tests and other servers use it.
func (s *Server) Handler() fasthttp.RequestHandler { return s.site.serve }

// serve does what every request needs, whatever its method or path.
func (f *front) serve(ctx *fasthttp.RequestCtx) {
	if err := intake.CheckFraming(ctx.Request.Header.RawHeaders()); err != nil {
		f.answerUnreadable(ctx, err)
		return
	}
	id := f.requestID(ctx)
	ctx.SetUserValue(requestIDKey, id)
	defer func() {
		if cause := recover(); cause != nil {
			f.answerPanic(ctx, cause)
		}
		f.finish(ctx, id)
		f.proveAnswer(ctx)
		f.logRequest(ctx, id)
	}()
	if !slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
		f.answerUnknownMethod(ctx)
		return
	}
	f.handler(ctx)
	if status := ctx.Response.StatusCode(); status == fiber.StatusTooManyRequests || status == fiber.StatusServiceUnavailable {
		f.pace.Wait()
	}
}

// call does what every endpoint needs: it sets the deadline, and refuses pages of other sites. Pages
// know people by their cookies alone: no browser adds an Authorization header of ours.
func (s *Server) call(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.Background(), s.config.requestTimeout())
		defer cancel()
		c.SetUserContext(ctx)
		if err := s.refuseCrossSite(c, r.own); err != nil {
			return err
		}
		if r.page {
			c.Request().Header.Del(fiber.HeaderAuthorization)
		}
		return r.handler(c)
	}
}
