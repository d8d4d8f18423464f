//go:build system

package acceptance

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
)

// An otherProgram is behind the proxy and is not ours. It keeps what it was asked.
type otherProgram struct {
	address string
	handler http.Handler
	stop    func()
	mu      sync.Mutex
	asked   []*http.Request
}

// newOther serves until the test is over, or it is stopped.
func newOther(t *testing.T, handler http.Handler) *otherProgram {
	t.Helper()
	return newOtherAt(t, "127.0.0.1:0", handler)
}

// newOtherAt serves at an address, or at unix: and a path.
func newOtherAt(t *testing.T, address string, handler http.Handler) *otherProgram {
	t.Helper()
	o := &otherProgram{address: address, handler: handler}
	o.start(t)
	t.Cleanup(func() { o.stop() })
	return o
}

// start serves, also once more.
func (o *otherProgram) start(t *testing.T) {
	t.Helper()
	network, address := "tcp", o.address
	path, isSocket := strings.CutPrefix(o.address, "unix:")
	if isSocket {
		network, address = "unix", path
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	if isSocket {
		_ = os.Chmod(path, 0o666) // the proxy has another account
	} else {
		o.address = listener.Addr().String() // and the same when it is started once more
	}
	server := &http.Server{Handler: o}
	go func() { _ = server.Serve(listener) }()
	o.stop = func() { _ = server.Close() }
}

// ServeHTTP implements [http.Handler].
func (o *otherProgram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	o.mu.Unlock()
	o.handler.ServeHTTP(w, r)
}

// take is what it was asked since the last time.
func (o *otherProgram) take() []*http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked := o.asked
	o.asked = nil
	return asked
}

// djangos answers as something that is not Gatehouse.
func djangos(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Answered-By", "django")
	switch r.URL.Path {
	case "/broken/":
		w.WriteHeader(http.StatusInternalServerError)
	case "/missing/":
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = fmt.Fprint(w, "django")
}

// aGuard decides as the one of Gatehouse does, as far as the proxy is concerned.
func aGuard(w http.ResponseWriter, r *http.Request) {
	cookies := r.Header.Get("Cookie")
	identity, token := "", ""
	for _, known := range []string{"good", "fresh"} {
		if strings.Contains(cookies, "access_token="+known) || r.Header.Get("Authorization") == "Bearer "+known {
			identity, token = "hana", known
		}
	}
	if token == "" && strings.Contains(cookies, "refresh_token=good") {
		identity, token = "hana", "fresh"
		w.Header().Set("Set-Cookie", "access_token=fresh; Path=/; HttpOnly")
	}
	original := r.Header.Get("X-Original-URL") + r.Header.Get("X-Forwarded-Uri")
	status := http.StatusOK
	switch {
	case strings.Contains(cookies, "guard=down"):
		status = http.StatusServiceUnavailable
	case strings.Contains(cookies, "guard=forbids"):
		status = http.StatusForbidden
	case identity == "" && !strings.Contains(original, "/open/"):
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Bearer realm="api"`)
	}
	if status == http.StatusOK {
		for name, value := range map[string]string{"Remote-User": identity, "Remote-Email": identity, "Remote-Name": identity, "Remote-Groups": "", "Remote-Session": identity, "X-Gatehouse-Access-Token": token} {
			w.Header().Set(name, value)
		}
	}
	w.Header().Set("X-Answered-By", "guard")
	if r.URL.Path == "/denied" && r.Header.Get("Accept") == "text/html" {
		w.Header().Del("WWW-Authenticate")
		w.Header().Set("Location", "/accounts/login/")
		status = http.StatusSeeOther
	}
	w.WriteHeader(status)
	if r.URL.Path == "/denied" {
		_, _ = fmt.Fprint(w, "denied")
	}
}

// A guarded shop is behind a proxy that asks a guard about what goes to Django.
type guarded struct {
	*front
	guard, django *otherProgram
}

// withGuard runs a test with each proxy.
func withGuard(t *testing.T, test func(t *testing.T, g guarded)) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			guard, django := newOther(t, http.HandlerFunc(aGuard)), newOther(t, make(goOn))
			test(t, guarded{p.before(t, newPublicShop(t), "--django", django.address, "--guard", "--guard-listen", guard.address, "--guard-open-paths", "/open/*,/hook/"), guard, django})
		})
	}
}

// asks sends a request. It returns the answer, and the request that reached Django, if any did.
func (g guarded) asks(t *testing.T, raw string) (answer, *http.Request) {
	t.Helper()
	got := g.ask(t, somewhere, raw)
	switch asked := g.django.take(); len(asked) {
	case 0:
		return got, nil
	case 1:
		return got, asked[0]
	default:
		t.Fatalf("%.100q: Django was asked %d times", raw, len(asked))
		return got, nil
	}
}

// goOn is what the second part of a stream waits for.
type goOn chan struct{}

func (g goOn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/upload/":
		n, _ := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(w, "%d bytes", n)
	case "/stream/":
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-g
		_, _ = fmt.Fprint(w, "data: 2\n\n")
	case "/go-on/":
		g <- struct{}{}
	case "/socket/":
		upgraded(w, r)
	default:
		djangos(w, r)
	}
}

// upgraded echoes over a WebSocket's connection, without its frames.
func upgraded(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || r.Header.Get("Remote-User") != "hana" {
		return
	}
	conn, stream, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = stream.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	_ = stream.Flush()
	line, _ := stream.ReadString('\n')
	_, _ = stream.WriteString(line)
	_ = stream.Flush()
}
