package fiberhttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/memory"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// What every person's password is, and what else they type.
const (
	password    = "kea open every bin"
	newPassword = "weka steal the lunch"
	wrong       = "kea open every tin"
)

// The tokens of the first sign-in in a shop.
const (
	firstRefresh = "refresh.0.f0000000000000000000000000000001"
	firstAccess  = "access.1.f0000000000000000000000000000002"
	nextAccess   = "access.2.f0000000000000000000000000000003"
	firstDevice  = "1.00000000000000000000000000000001.xYZ_6FMDjT_Yt4UugWFZ-g"
)

const (
	publicURL = "https://gate.example.test"
	resetURL  = publicURL + "/accounts/password_change/"
	somebody  = "203.0.113.9" // who sends a request, unless it says otherwise
)

// A shop is a server over the real use cases: people with the same password, on 3 March
// (noon of the 2nd in UTC). Persons 1 and 2 work in it.
type shop struct {
	t         testing.TB
	clock     porttest.Clock
	store     countedStore
	broken    atomic.Bool // the store cannot answer
	hasher    memory.Hasher
	breached  memory.Breached
	tokens    countedTokens
	policy    domain.Policy
	config    fiberhttp.Config
	people    []domain.Staff
	replace   func(*fiberhttp.UseCases)
	serverNow ports.Clock
	logged    *observer.ObservedLogs
	server    *fiberhttp.Server
	listener  *fasthttputil.InmemoryListener
	guard     *fasthttputil.InmemoryListener // where proxies ask
}

// An option changes what a shop is like before it opens.
type option func(*shop)

// The two modes, by name.
var modes = map[string]option{"body": func(*shop) {}, "cookie": cookieMode}

func cookieMode(s *shop) { s.config.Cookies.Enabled = true }
func warnOnly(s *shop)   { s.policy.EnforcePasswordReset = false }

// unthrottled lets any number of wrong passwords be tried.
func unthrottled(s *shop) { s.policy.Throttle.On = false }

// people says who works in the shop.
func people(staff ...domain.Staff) option { return func(s *shop) { s.people = staff } }

// allowing welcomes the pages of other origins.
func allowing(origins ...string) option {
	return func(s *shop) { s.config.AllowedOrigins = origins }
}

// trusting believes proxies in these networks.
func trusting(networks ...string) option {
	return func(s *shop) {
		for _, network := range networks {
			s.config.TrustedProxies = append(s.config.TrustedProxies, netip.MustParsePrefix(network))
		}
	}
}

// public sets the URL that people see.
func public(text string) option {
	return func(s *shop) { s.config.PublicURL, _ = url.Parse(text) }
}

// with replaces use cases by ones that fail in ways the real ones do not on demand.
func with(replace func(*fiberhttp.UseCases)) option {
	return func(s *shop) { s.replace = replace }
}

func open(t testing.TB, options ...option) *shop {
	t.Helper()
	s := &shop{
		t: t, policy: porttest.Policy(), people: []domain.Staff{person(1), person(2)},
		config: fiberhttp.Config{
			Cookies:           fiberhttp.CookieConfig{AccessName: "access_token", RefreshName: "refresh_token", DeviceName: "device", Secure: true, SameSite: "Lax"},
			PasswordMinLength: 15,
		},
	}
	s.store.Broken = func() error {
		if s.broken.Load() {
			return fmt.Errorf("reading the database: %w", domain.ErrUnavailable)
		}
		return nil
	}
	s.tokens.reads = map[string]int{}
	s.serverNow = s.clock.Now
	for _, change := range append([]option{public(publicURL)}, options...) {
		change(s)
	}
	s.save(s.people...)
	core, logged := observer.New(zap.DebugLevel)
	s.logged = logged
	s.server = fiberhttp.New(s.config, s.useCases(), keySet(`{"keys":[]}`), s.serverNow, porttest.TokenIDs(), zap.New(core))
	s.listener, s.guard = fasthttputil.NewInmemoryListener(), fasthttputil.NewInmemoryListener()
	s.serve(s.listener)
	s.serveBy(s.server.ServeGuard, s.guard)
	return s
}

// serve answers what comes in at the listener until the test is over.
func (s *shop) serve(listener net.Listener) { s.serveBy(s.server.Serve, listener) }

func (s *shop) serveBy(serve func(net.Listener) error, listener net.Listener) {
	done := make(chan error, 1)
	go func() { done <- serve(listener) }()
	s.t.Cleanup(func() {
		_ = listener.Close()
		if err := <-done; err != nil {
			s.t.Errorf("Serve: %v", err)
		}
	})
}

// A countedStore counts its updates.
type countedStore struct {
	memory.Store
	updates atomic.Int64
}

func (c *countedStore) Update(ctx context.Context, change func(ports.Records) error) error {
	c.updates.Add(1)
	return c.Store.Update(ctx, change)
}

// countedTokens count how often each token is read.
type countedTokens struct {
	memory.Tokens
	mu    sync.Mutex
	reads map[string]int
}

func (c *countedTokens) Parse(ctx context.Context, token domain.Token) (domain.Claims, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads[token.Reveal()]++
	return c.Tokens.Parse(ctx, token)
}

// readsOf returns how often each token is read while something is done.
func (s *shop) readsOf(something func()) map[string]int {
	s.tokens.mu.Lock()
	s.tokens.reads = map[string]int{}
	s.tokens.mu.Unlock()
	something()
	s.tokens.mu.Lock()
	defer s.tokens.mu.Unlock()
	return maps.Clone(s.tokens.reads)
}

type keySet string

func (k keySet) JWKS() []byte { return []byte(k) }

// A request is what a client sends. Content-Length and Host are added.
type request struct {
	method, path string
	headers      []string // whole lines
	body         string
	from         string // address of the peer
}

func get(path string, headers ...string) request {
	return request{method: "GET", path: path, headers: headers}
}

// post sends a body of JSON, unless a header says what else it is.
func post(path, body string, headers ...string) request {
	typed := strings.Contains(strings.ToLower(strings.Join(headers, "\n")), "content-type:")
	if body != "" && !typed {
		headers = append([]string{"Content-Type: application/json"}, headers...)
	}
	return request{method: "POST", path: path, headers: headers, body: body}
}

// and returns the request with more headers.
func (r request) and(headers ...string) request {
	r.headers = append(r.headers[:len(r.headers):len(r.headers)], headers...)
	return r
}

// by returns the request as sent from the address.
func (r request) by(address string) request {
	r.from = address
	return r
}

// bytes are the request on the wire.
func (r request) bytes() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: gate.example.test\r\n", r.method, r.path)
	for _, line := range r.headers {
		b.WriteString(line + "\r\n")
	}
	if r.body != "" || r.method == "POST" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.body))
	}
	return b.String() + "\r\n" + r.body
}

// An answer is what the client gets.
type answer struct {
	status  int
	header  http.Header
	body    string
	cookies []string // the Set-Cookie lines
	closes  bool     // the connection
}

// send sends one request on a connection of its own.
func (s *shop) send(r request) answer {
	s.t.Helper()
	return s.sendTo(s.listener, r)
}

// ask sends one request to the guard.
func (s *shop) ask(r request) answer {
	s.t.Helper()
	return s.sendTo(s.guard, r)
}

func (s *shop) sendTo(listener *fasthttputil.InmemoryListener, r request) answer {
	s.t.Helper()
	if r.from == "" {
		r.from = somebody
	}
	conn := s.dialAt(listener, r.from)
	defer conn.Close()
	if _, err := io.WriteString(conn, r.bytes()); err != nil {
		s.t.Fatalf("sending: %v", err)
	}
	a, err := receive(bufio.NewReader(conn), r.method)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return a
}

func (s *shop) dial(from string) net.Conn {
	s.t.Helper()
	return s.dialAt(s.listener, from)
}

func (s *shop) dialAt(listener *fasthttputil.InmemoryListener, from string) net.Conn {
	s.t.Helper()
	peer := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 40000))
	conn, err := listener.DialWithLocalAddr(peer)
	if err != nil {
		s.t.Fatalf("dialling: %v", err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatalf("setting a deadline: %v", err)
	}
	return conn
}

// receive reads one answer to a request with the method.
func receive(from *bufio.Reader, method string) (answer, error) {
	got, err := http.ReadResponse(from, &http.Request{Method: method})
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, string(body), got.Header["Set-Cookie"], got.Close}, err
}

// person is somebody who can sign in with the password.
func person(n int, changes ...func(*domain.Staff)) domain.Staff {
	staff := porttest.Person(n)
	hash, err := new(memory.Hasher).Hash(context.Background(), domain.NewPassword(password))
	if err != nil {
		panic(err) // the fixture is wrong
	}
	staff.Credentials.Hash = hash
	for _, change := range changes {
		change(&staff)
	}
	return staff
}
