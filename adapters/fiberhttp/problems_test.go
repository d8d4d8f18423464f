package fiberhttp_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

const (
	serverError = `{"detail":"A server error occurred.","code":"server_error"}`
	fullOutbox  = `{"detail":"Too many messages are waiting to be sent. Try again later, or ask an administrator for a link.","code":"unavailable"}`
	busy        = `{"detail":"Too many people are signing in at once. Try again in a moment.","code":"unavailable"}`
	tookTooLong = `{"detail":"The service took too long. Try again in a moment.","code":"unavailable"}`
)

// problems says of every error of the domain how it is answered, and how me/ answers it if
// that differs.
var problems = map[string]struct {
	err        error
	status     int
	body       string
	me         string
	retryAfter string
}{
	"ErrInvalidCredentials":    {domain.ErrInvalidCredentials, 401, badCredentials, "", ""},
	"ErrPasswordResetRequired": {domain.ErrPasswordResetRequired, 401, mustChange, "", ""},
	"ErrCrossSite":             {domain.ErrCrossSite, 403, crossSite, "", ""},
	"ErrThrottled":             {domain.ErrThrottled, 429, refusal("Request was throttled.", "throttled"), "", ""},
	"ErrTokenInvalid":          {domain.ErrTokenInvalid, 401, invalid, refusedAccess("Token is invalid"), ""},
	"ErrTokenExpired":          {domain.ErrTokenExpired, 401, expired, refusedAccess("Token is expired"), ""},
	"ErrTokenWrongType":        {domain.ErrTokenWrongType, 401, wrongType, refusedAccess("Token has wrong type"), ""},
	"ErrTokenNoType":           {domain.ErrTokenNoType, 401, refusal("Token has no type", "token_not_valid"), refusedAccess("Token has no type"), ""},
	"ErrTokenNoID":             {domain.ErrTokenNoID, 401, refusal("Token has no id", "token_not_valid"), refusedAccess("Token has no id"), ""},
	"ErrTokenNoExpiry":         {domain.ErrTokenNoExpiry, 401, refusal("Token has no 'exp' claim", "token_not_valid"), refusedAccess("Token has no 'exp' claim"), ""},
	"ErrTokenNoStaff":          {domain.ErrTokenNoStaff, 401, noStaff, "", ""},
	"ErrSessionEnded":          {domain.ErrSessionEnded, 401, blacklisted, refusedAccess("Token is blacklisted"), ""},
	"ErrSessionNotFound":       {domain.ErrSessionNotFound, 401, blacklisted, refusedAccess("Token is blacklisted"), ""},
	"ErrAccountInactive":       {domain.ErrAccountInactive, 401, shut, refusal("User is inactive", "user_inactive"), ""},
	"ErrStaffNotFound":         {domain.ErrStaffNotFound, 404, deleted, "", ""},
	"ErrNotYourSession":        {domain.ErrNotYourSession, 404, refusal("You have no such session.", "session_not_found"), "", ""},
	"ErrOverloaded":            {domain.ErrOverloaded, 503, busy, "", "2"},
	"ErrUnavailable":           {domain.ErrUnavailable, 503, notNow, "", "5"},
	"ErrOutboxFull":            {domain.ErrOutboxFull, 503, fullOutbox, "", "60"},
	"ErrBreachesUnknown":       {domain.ErrBreachesUnknown, 503, notNow, "", "5"},

	"ErrLinkInvalid": {domain.ErrLinkInvalid, 400, refusal("This link is not valid any more. Ask for a new one.", "link_not_valid"), "", ""},

	// No request leads to these; if one does, the service has failed.
	"ErrEmailTaken":    {domain.ErrEmailTaken, 500, serverError, "", ""},
	"ErrInvalidStaff":  {domain.ErrInvalidStaff, 500, serverError, "", ""},
	"ErrImportRefused": {domain.ErrImportRefused, 500, serverError, "", ""},
	"ErrTrailBroken":   {domain.ErrTrailBroken, 500, serverError, "", ""},
	"ErrLinkNotSent":   {domain.ErrLinkNotSent, 500, serverError, "", ""},
	"ErrPasswordSet":   {domain.ErrPasswordSet, 500, serverError, "", ""},
	"ErrMailOff":       {domain.ErrMailOff, 500, serverError, "", ""},
	"ErrMailRefused":   {domain.ErrMailRefused, 500, serverError, "", ""},
	"ErrUnknownHash":   {domain.ErrUnknownHash, 500, serverError, "", ""},
	"ErrBackupRefused": {domain.ErrBackupRefused, 500, serverError, "", ""},
	"ErrAnchorRetired": {domain.ErrAnchorRetired, 500, serverError, "", ""},
	"ErrNotAllowed":    {domain.ErrNotAllowed, 403, notAllowed, "", ""},
	"ErrLastSuperuser": {domain.ErrLastSuperuser, 409, `{"detail":"This is the last superuser. Make somebody else one first.","code":"last_superuser"}`, "", ""},
	// It comes as a PasswordRefusal, and only from a change: see change_password_test.go.
	"ErrPasswordRefused": {domain.ErrPasswordRefused, 500, serverError, "", ""},
}

func TestEveryErrorOfTheDomainIsConsidered(t *testing.T) {
	declared := declaredErrors(t)
	for name := range declared {
		if _, ok := problems[name]; !ok {
			t.Errorf("%s is new: say in this test how it is answered", name)
		}
	}
	for name := range problems {
		if !declared[name] {
			t.Errorf("%s is not declared any more", name)
		}
	}
}

// declaredErrors are the exported variables of the domain's errors.go, by name.
func declaredErrors(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../domain/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if strings.HasPrefix(name.Name, "Err") {
					found[name.Name] = true
				}
			}
		}
	}
	if len(found) == 0 {
		t.Fatal("no error was found")
	}
	return found
}

// failing are the two use cases that ask for a token, when they fail.
func failing(err error) option {
	return with(func(u *fiberhttp.UseCases) {
		u.VerifyToken = do[signin.VerifyTokenQuery, signin.VerifyTokenResult](
			func(context.Context, signin.VerifyTokenQuery) (signin.VerifyTokenResult, error) {
				return signin.VerifyTokenResult{}, err
			})
		u.CurrentStaff = do[signin.CurrentStaffQuery, signin.CurrentStaffResult](
			func(context.Context, signin.CurrentStaffQuery) (signin.CurrentStaffResult, error) {
				return signin.CurrentStaffResult{Owner: person(1)}, err
			})
	})
}

var verifyAny = post(verifyPath, `{"token":"x"}`)

func TestEveryErrorIsAnswered(t *testing.T) {
	const canary = "canary5e1f"
	for name, c := range problems {
		if c.me == "" {
			c.me = c.body
		}
		for how, err := range map[string]error{
			"bare":          c.err,
			"wrapped twice": fmt.Errorf("%s: %w", canary, fmt.Errorf("%s: %w", canary, c.err)),
			"joined":        errors.Join(errors.New(canary), c.err),
			"as a refusal":  &domain.Refusal{Err: c.err, Reason: canary},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				s := open(t, failing(err), cookieMode)
				for _, a := range []answer{s.send(verifyAny), s.send(get(mePath, bearer("x")))} {
					if got := a.header.Get("Retry-After"); got != c.retryAfter {
						t.Errorf("Retry-After is %q, want %q", got, c.retryAfter)
					}
				}
				check(t, s.send(verifyAny), c.status, c.body)
				check(t, s.send(get(mePath, bearer("x"))), c.status, c.me)
			})
		}
	}
}

// The cause of what nobody foresaw is in the log, under the id of the request, and
// nowhere else.
func TestUnforeseenErrors(t *testing.T) {
	cause := errors.New("open /var/lib/gatehouse: is a directory")
	for _, failure := range []struct {
		err     error
		status  int
		body    string
		message string
	}{
		{cause, 500, serverError, "server error"},
		{fmt.Errorf("%w: %w", domain.ErrUnavailable, cause), 503, notNow, "unavailable"},
	} {
		s := open(t, failing(failure.err))
		a := s.send(verifyAny)
		check(t, a, failure.status, failure.body)
		logged := s.logged.FilterMessage(failure.message).All()
		if len(logged) != 1 {
			t.Fatalf("logged %s", s.logText())
		}
		fields := logged[0].ContextMap()
		if fields["error"] != failure.err.Error() || fields["request_id"] != a.header.Get("X-Request-Id") || logged[0].Level.String() != "error" {
			t.Errorf("logged %s %v", logged[0].Level, fields)
		}
	}
}

// Refusals are everyday life: they are no errors in the log.
func TestRefusalsAreNotLoggedAsErrors(t *testing.T) {
	s := open(t)
	s.send(signInAs(address(1), wrong))
	s.send(get(mePath, bearer("garbage")))
	s.send(get("/nothing"))
	if len(s.logged.FilterMessage("request").All()) != 3 || s.logged.Len() != 3 {
		t.Errorf("logged %s", s.logText())
	}
}

// A panic costs its own request and nothing else; what it carries may be a secret.
func TestPanics(t *testing.T) {
	const canary = "canary5e1f"
	var nobody *domain.Staff
	for name, c := range map[string]struct {
		panics func()
		cause  string
	}{
		"text":            {func() { panic(canary) }, "a value of type string"},
		"error":           {func() { panic(errors.New(canary)) }, "a value of type *errors.errorString"},
		"secret":          {func() { panic(domain.NewSecret(canary)) }, "a value of type domain.Secret"},
		"nil dereference": {func() { _ = nobody.FirstName }, "runtime error: invalid memory address or nil pointer dereference"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, with(func(u *fiberhttp.UseCases) {
				u.SignOut = do[signin.SignOutCommand, signin.SignOutResult](
					func(context.Context, signin.SignOutCommand) (signin.SignOutResult, error) {
						c.panics()
						return signin.SignOutResult{}, nil
					})
			}))
			answers := s.exchange(post(logoutPath, "").bytes() + get("/healthz").bytes() + lines("GET /accounts/me/ HTTP/1.1", host))
			if len(answers) != 3 {
				t.Fatalf("got %d answers, want 3", len(answers))
			}
			check(t, answers[0], 500, serverError)
			check(t, answers[1], 200, `{"status":"ok"}`)
			logged := s.logged.FilterMessage("panic").All()
			if len(logged) != 1 || strings.Contains(s.logText(), canary) {
				t.Fatalf("logged %s", s.logText())
			}
			fields := logged[0].ContextMap()
			if fields["cause"] != c.cause || fields["request_id"] != answers[0].header.Get("X-Request-Id") {
				t.Errorf("logged %v", fields)
			}
			if stack, ok := fields["stack"].(string); !ok || !strings.Contains(stack, "signOut") {
				t.Errorf("the stack does not lead to the handler: %v", fields["stack"])
			}
			if n := s.logged.FilterMessage("request").Len(); n != 3 {
				t.Errorf("%d requests are logged, want 3", n)
			}
		})
	}
}

// Nobody waits for ever.
func TestDeadlines(t *testing.T) {
	waiting := with(func(u *fiberhttp.UseCases) {
		u.VerifyToken = do[signin.VerifyTokenQuery, signin.VerifyTokenResult](
			func(ctx context.Context, _ signin.VerifyTokenQuery) (signin.VerifyTokenResult, error) {
				<-ctx.Done()
				return signin.VerifyTokenResult{}, fmt.Errorf("waiting: %w", ctx.Err())
			})
	})
	s := open(t, waiting, func(s *shop) { s.config.RequestTimeout = 1 })
	a := s.send(verifyAny)
	check(t, a, 503, tookTooLong)
	if got := a.header.Get("Retry-After"); got != "5" {
		t.Errorf("Retry-After is %q", got)
	}
	for name, r := range map[string]request{
		"sign-in":         signInAs(address(1), password),
		"refresh":         post(refreshPath, "", refreshCookie("x")),
		"blacklist":       post(blacklistPath, `{"refresh":"x"}`),
		"logout":          post(logoutPath, "", bearer("x")),
		"me":              get(mePath, bearer("x")),
		"password change": post(changePath, passwords(password, newPassword), bearer("x")),
		"readiness":       get("/readyz"),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, open(t, cookieMode, func(s *shop) { s.config.RequestTimeout = -1 }).send(r), 503, tookTooLong)
		})
	}
}
