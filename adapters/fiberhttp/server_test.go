package fiberhttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// What a command holds stays as it is when the next request is read into the same memory.
func TestCommandsOutliveTheirRequests(t *testing.T) {
	var kept []signin.SignOutCommand
	s := open(t, trusting("203.0.113.0/24"), with(func(u *fiberhttp.UseCases) {
		u.SignOut = do[signin.SignOutCommand, signin.SignOutResult](
			func(_ context.Context, cmd signin.SignOutCommand) (signin.SignOutResult, error) {
				kept = append(kept, cmd)
				return signin.SignOutResult{}, nil
			})
	}))
	var raw strings.Builder
	for i := range 9 {
		n := fmt.Sprint(i)
		raw.WriteString(post(logoutPath, `{"refresh":"body-`+n+`"}`, bearer("header-"+n), "Cookie: access_token=access-"+n+"; refresh_token=refresh-"+n,
			"User-Agent: agent-"+n, "X-Request-Id: request-"+n, "X-Forwarded-For: 192.0.2."+n).bytes())
	}
	if answers := s.exchange(raw.String() + lines("GET /healthz HTTP/1.1", host)); len(answers) != 10 {
		t.Fatalf("got %d answers, want 10", len(answers))
	}
	for i, cmd := range kept {
		n := fmt.Sprint(i)
		var tokens []string
		for _, token := range cmd.Tokens {
			tokens = append(tokens, token.Reveal())
		}
		if got, want := strings.Join(tokens, " "), "header-"+n+" access-"+n+" refresh-"+n+" body-"+n; got != want {
			t.Errorf("tokens %s, want %s", got, want)
		}
		want := domain.Client{Address: netip.MustParseAddr("192.0.2." + n), UserAgent: "agent-" + n, RequestID: "request-" + n}
		if cmd.Client != want {
			t.Errorf("client %+v, want %+v", cmd.Client, want)
		}
	}
}

// Many people at once are never mixed up.
func TestManyAtOnce(t *testing.T) {
	const crowd = 24
	var staff []domain.Staff
	for n := range crowd {
		staff = append(staff, person(n+1))
	}
	s := open(t, people(staff...))
	var all sync.WaitGroup
	for n := 1; n <= crowd; n++ {
		all.Go(func() {
			access, refresh := s.signIn(n)
			for range 5 {
				check(t, s.send(get(mePath, bearer(access))), 200, s.profile(n))
				if a := s.send(post(refreshPath, `{"refresh":"`+refresh+`"}`)); a.status != 200 {
					t.Errorf("refreshing: %d %s", a.status, a.body)
				}
			}
			check(t, s.send(post(logoutPath, "", bearer(access))), 200, signedOut, deletesAccess, deletesRefresh)
			check(t, s.send(get(mePath, bearer(access))), 401, refusedAccess("Token is blacklisted"))
		})
	}
	all.Wait()
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

// underWay opens a shop with one request that is being answered, until leave is closed.
func underWay(t *testing.T) (s *shop, conn net.Conn, leave chan struct{}) {
	entered, leave := make(chan struct{}), make(chan struct{})
	s = open(t, with(func(u *fiberhttp.UseCases) {
		u.VerifyToken = do[signin.VerifyTokenQuery, signin.VerifyTokenResult](
			func(context.Context, signin.VerifyTokenQuery) (signin.VerifyTokenResult, error) {
				close(entered)
				<-leave
				return signin.VerifyTokenResult{}, nil
			})
	}))
	conn = s.dial(somebody)
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, verifyAny.bytes()); err != nil {
		t.Fatal(err)
	}
	<-entered
	return s, conn, leave
}

func mustBeAnswered(t *testing.T, conn net.Conn) {
	t.Helper()
	a, err := receive(bufio.NewReader(conn), "POST")
	if err != nil {
		t.Fatal(err)
	}
	check(t, a, 200, `{}`)
}

// A request that is being answered is answered; a new one finds nobody.
func TestShutdown(t *testing.T) {
	s, conn, leave := underWay(t)
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.Shutdown(context.Background()) }()
	for {
		late, err := s.listener.Dial()
		if err != nil {
			break
		}
		_ = late.Close()
		runtime.Gosched()
	}
	select {
	case err := <-stopped:
		t.Fatalf("Shutdown has not waited: %v", err)
	default:
	}
	close(leave)
	mustBeAnswered(t, conn)
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// Whoever does not want to wait is told that something was still under way.
func TestShutdownInAHurry(t *testing.T) {
	s, conn, leave := underWay(t)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.server.Shutdown(impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v, want context.Canceled", err)
	}
	close(leave)
	mustBeAnswered(t, conn)
}
