//go:build system

package acceptance

import (
	"bufio"
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

// The proxy accepts each file that can be printed.
func TestProxyFilesAreGood(t *testing.T) {
	t.Parallel()
	for _, p := range proxies {
		for _, wishes := range [][]string{nil, {"--django", "127.0.0.1:8000"}, {"--django", "unix:/run/gunicorn.sock", "--guard"}, {"--django", "[::1]:8000", "--guard", "--max-upload", "1g"}} {
			for _, settings := range [][]string{nil, {"GATEHOUSE_PUBLIC_URL=https://shop.example/office", "GATEHOUSE_GUARD_LISTEN=unix:/run/guard.sock"}, {"ENABLE_JWT_AUTH=true", "GUARD_OPEN_PATHS=/open/*,/hook/"}} {
				for _, snippet := range []bool{false, true} {
					t.Run(fmt.Sprint(p.name, wishes, settings, snippet), func(t *testing.T) {
						p.mustTake(t, wishes, settings, snippet)
					})
				}
			}
		}
	}
}

func (p proxy) mustTake(t *testing.T, wishes, settings []string, snippet bool) {
	at := newPlace(t)
	certificate(t, at)
	env := append(environment("GATEHOUSE_LISTEN=127.0.0.1:8080", "GATEHOUSE_PUBLIC_URL=https://shop.example", "GATEHOUSE_GUARD_LISTEN=127.0.0.1:8081"), settings...)
	args := append([]string{"proxy", p.name}, wishes...)
	if snippet {
		args = append(args, "--snippet")
	}
	file, errs, status := runProgram(t, t.TempDir(), env, "", args...)
	if status != 0 {
		t.Fatalf("exit status %d: %s", status, errs)
	}
	if snippet {
		file = p.around(file)
	}
	p.settle(t, at, file)
	cmd := p.test(at)
	confine(t, cmd, at.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// around is the file of a shop into which a snippet goes.
func (p proxy) around(snippet string) string {
	if p.name == "caddy" {
		return "#\n{\n}\n\nhttps://shop.example {\n" + snippet + "\n\thandle {\n\t\troot * /srv/app\n\t\tfile_server\n\t}\n}\n"
	}
	return "server {\n    listen 80;\n    server_name shop.example;\n}\nserver {\n    listen 443 ssl http2;\n    server_name shop.example;\n    underscores_in_headers on;\n    ssl_certificate /etc/ssl/shop.example.pem;\n    ssl_certificate_key /etc/ssl/shop.example.key;\n" +
		snippet + "\n    location / {\n        root /srv/app;\n        try_files $uri /index.html;\n    }\n    location /media/ {\n        root /srv;\n    }\n}\n"
}

// withDjango runs a test with each proxy in front of Gatehouse and of what is not Gatehouse.
func withDjango(t *testing.T, test func(t *testing.T, f *front, django *otherProgram), set ...string) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			django := newOther(t, http.HandlerFunc(djangos))
			test(t, p.before(t, newPublicShop(t, set...), "--django", django.address), django)
		})
	}
}

// manySpellings of a path that a proxy, or Django, could take for the path itself.
func manySpellings(path string) []string {
	last := strings.LastIndex(strings.TrimSuffix(path, "/"), "/") + 1
	folder, name := path[:last], path[last:]
	bare := strings.TrimSuffix(name, "/")
	return []string{
		path, folder + bare, path + "?x=1", "/" + path, folder + "/" + name, path + "/", folder + "./" + name, folder + "x/../" + name, "/x/.." + path,
		"/." + path, strings.ToUpper(path), folder + strings.ToUpper(name[:1]) + name[1:], folder[:len(folder)-1] + "%2F" + name, folder[:len(folder)-1] + "%2f" + name,
		"/%61" + path[2:], folder + bare + ";x/", folder + bare + ";x", folder + bare + "/;x=1", folder[:len(folder)-1] + ";x=1/" + name, folder + bare + "%3Bx", folder + bare + "%2F", folder + bare + "%0a", folder + bare + "/%0A", folder + "%2e/" + name,
	}
}

var takenOver = []string{"/accounts/api/token/", "/api/accounts/token/", "/accounts/api/token/refresh/", "/api/accounts/token/refresh/", "/accounts/api/token/verify/", "/api/accounts/token/verify/",
	"/accounts/logout/", "/api/accounts/logout/", "/accounts/me/", "/api/accounts/me/"}

// What we have taken over from Django cannot be reached there, however it is spelled.
func TestDjangoIsNotReachedPastUs(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, django *otherProgram) {
		for _, path := range takenOver {
			for _, spelling := range manySpellings(path) {
				for _, method := range []string{"GET", "POST"} {
					got := f.ask(t, somewhere, method+" "+spelling+" HTTP/1.1\r\n"+wireHost+"\r\nContent-Length: 0\r\n\r\n")
					if asked := django.take(); len(asked) > 0 || got.header.Get("X-Answered-By") != "" || got.status >= 500 {
						t.Errorf("%s %s: answered %d, and Django was asked %d times", method, spelling, got.status, len(asked))
					}
				}
			}
		}
	})
}

// Everything else is Django's, unchanged.
func TestDjangoKeepsItsPaths(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, django *otherProgram) {
		for _, target := range []string{
			"/", "/api/accounts/staff/", "/api/accounts/staff/all/", "/api/accounts/staff/4f6c/icon/", "/api/accounts/staff/rates/4f6c/", "/accounts/api/staff/all/", "/accounts/api/bearer-token/", "/accounts/logout-session/",
			"/accounts/reset/x/y/", "/api/jobs/1/?q=a%20b&c=%2F", "/api/files/a%2Fb;c%25", "/static/app.js", "/media/x.png", "/healthz", "/readyz", "/accounts/meeting/", "/accounts/api/tokens/", "/accounts/api/token/extra/", "/api/accounts/", "/check", "/denied",
		} {
			got := f.ask(t, somewhere, wireGet(target))
			asked := django.take()
			if len(asked) != 1 || got.header.Get("X-Answered-By") != "django" || asked[0].RequestURI != target {
				t.Errorf("%s: answered %v, Django was asked %v", target, got, asked)
				continue
			}
			if r := asked[0]; r.Host != publicHost || r.Header.Get("X-Forwarded-For") != somewhere || r.Header.Get("X-Forwarded-Proto") != "https" {
				t.Errorf("%s: Django was asked at %s with %v", target, r.Host, r.Header)
			}
		}
	})
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

// What clients send to be somebody else.
var falseIdentity = []string{
	"Remote-User: mallory", "Remote-Email: mallory", "Remote-Name: mallory", "Remote-Groups: mallory", "Remote-Session: mallory", "X-Gatehouse-Access-Token: mallory",
	"Remote_User: mallory", "Remote_Email: mallory", "Remote_Name: mallory", "Remote_Groups: mallory", "Remote_Session: mallory", "X_Gatehouse_Access_Token: mallory", "X-Gatehouse_Access-Token: mallory", "remote-user: mallory", "REMOTE_USER: mallory",
	"SCRIPT_NAME: /mallory", "PATH_INFO: /mallory",
}

// Django is told who asks by Gatehouse alone: in headers, in the last access cookie and as a bearer.
func TestDjangoIsToldWhoAsks(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for _, test := range []struct {
			path          string
			lines         []string
			user          string
			cookie        string
			authorization string
		}{
			{"/jobs/", []string{"Cookie: access_token=good"}, "hana", "access_token=good; access_token=good", "Bearer good"},
			{"/jobs/", []string{"Cookie: a=b; access_token=old; refresh_token=good"}, "hana", "a=b; access_token=old; refresh_token=good; access_token=fresh", "Bearer fresh"},
			{"/jobs/", []string{"Authorization: Bearer good"}, "hana", "access_token=good", "Bearer good"},
			{"/open/x", nil, "", "access_token=", ""},
			{"/open/x", []string{"Cookie: access_token=old", "Authorization: Bearer old"}, "", "access_token=old; access_token=", ""},
			{"/open/x", []string{"Authorization: Basic eDp5"}, "", "access_token=", "Basic eDp5"},
			{"/open/x", []string{"Connection: close, Remote-User, Cookie, Authorization"}, "", "access_token=", ""},
		} {
			for _, lies := range [][]string{nil, falseIdentity} {
				got, r := g.asks(t, wireGet(test.path, append(test.lines, lies...)...))
				if r == nil {
					t.Errorf("%s %q: answered %v", test.path, test.lines, got)
					continue
				}
				if r.Header.Get("Remote-User") != test.user || r.Header.Get("Remote-Email") != test.user || strings.Contains(fmt.Sprint(r.Header), "mallory") {
					t.Errorf("%s %q: Django is told %v", test.path, test.lines, r.Header)
				}
				if r.Header.Get("Cookie") != test.cookie && !strings.Contains(fmt.Sprint(test.lines), "Connection") || r.Header.Get("Authorization") != test.authorization {
					t.Errorf("%s %q: Django gets the cookies %q and %q", test.path, test.lines, r.Header.Get("Cookie"), r.Header.Get("Authorization"))
				}
			}
		}
	})
}

// What clients claim of where they come from and what they ask for does not reach the guard.
func TestProxiesAskAboutTheRequestItself(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for _, lines := range [][]string{
			nil, {"X-Original-URL: https://shop.example/open/x", "X-Original-Method: GET"}, {"X-Forwarded-Uri: /open/x", "X-Forwarded-Method: OPTIONS", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: http"},
			{"Connection: close, X-Forwarded-Uri, X-Original-URL, X-Original-Method, X-Forwarded-Method"},
			{"X-Forwarded-For: 203.0.113.66"}, {"Upgrade: websocket", "Connection: upgrade"},
		} {
			for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS", "HEAD"} {
				raw := method + " /jobs/%2F1/?role=office&q=a%20b HTTP/1.1\r\n" + wireHost + "\r\n" + strings.Join(append(lines, "Content-Length: 0", "", ""), "\r\n")
				got, r := g.asks(t, raw)
				if r != nil || got.status != 401 || got.header.Get("X-Answered-By") != "guard" {
					t.Errorf("%s %q: answered %v, Django was asked: %v", method, lines, got, r != nil)
				}
				g.mustBeAskedAbout(t, method, lines)
			}
		}
	})
}

// mustBeAskedAbout looks at what the guard was asked: at /check, and at /denied.
func (g guarded) mustBeAskedAbout(t *testing.T, method string, lines []string) {
	t.Helper()
	var paths []string
	for _, r := range g.guard.take() {
		paths = append(paths, r.RequestURI)
		h := r.Header
		nginx := h.Get("X-Original-Method") == method && h.Get("X-Original-URL") == "https://shop.example/jobs/%2F1/?role=office&q=a%20b" && h.Get("X-Forwarded-Method")+h.Get("X-Forwarded-Uri")+h.Get("X-Forwarded-Host")+h.Get("X-Forwarded-Proto") == ""
		caddy := h.Get("X-Forwarded-Method") == method && h.Get("X-Forwarded-Uri") == "/jobs/%2F1/?role=office&q=a%20b" && h.Get("X-Forwarded-Proto") == "https" && h.Get("X-Forwarded-Host") == publicHost && h.Get("X-Original-URL")+h.Get("X-Original-Method") == ""
		if !nginx && !caddy || r.Method != "GET" && r.Method != "HEAD" || h.Get("X-Forwarded-For") != somewhere || r.ContentLength > 0 {
			t.Errorf("%s %q: the guard is asked %s %v", method, lines, r.Method, h)
		}
	}
	if strings.Join(paths, " ") != "/check /denied" {
		t.Errorf("%s %q: the guard is asked at %q", method, lines, paths)
	}
}

// People get the guard's own answer, also to an upload; only its 503 is the proxy's.
func TestDeniedBehindProxies(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		upload := "POST /jobs/ HTTP/1.1\r\n" + wireHost + "\r\nContent-Length: 3000000\r\n\r\n" + strings.Repeat("x", 3_000_000)
		for _, test := range []struct {
			raw    string
			status int
		}{
			{wireGet("/jobs/"), 401}, {wireGet("/jobs/", "Accept: text/html"), 303}, {wireGet("/jobs/", "Cookie: guard=forbids"), 403}, {wirePost("/jobs/", `{}`), 401}, {upload, 401},
			{wireGet("/jobs/", "Cookie: guard=down"), 503}, {wirePost("/jobs/", `{}`, "Cookie: guard=down"), 503}, {wireGet("/hook/%2e%2e/jobs/", "Cookie: guard=down"), 503}, {wireGet("/open//x", "Cookie: guard=down"), 503}, {wireGet("/open/../jobs/", "Cookie: guard=down"), 503},
		} {
			got, r := g.asks(t, test.raw)
			if r != nil || got.status != test.status {
				t.Errorf("%.80q: answered %v, want %d; Django was asked: %v", test.raw, got, test.status, r != nil)
			}
			if n := len(got.header.Values("WWW-Authenticate")); n > 1 || got.status == 401 && n == 0 {
				t.Errorf("%.80q: %d times WWW-Authenticate", test.raw, n)
			}
			if got.status == 303 && got.header.Get("Location") != "/accounts/login/" {
				t.Errorf("led to %q", got.header.Get("Location"))
			}
			if got.status == 503 && (got.header.Get("Retry-After") != "5" || !strings.Contains(string(got.body), `"code":"unavailable"`)) {
				t.Errorf("%.80q: answered %v", test.raw, got)
			}
		}
		for _, path := range []string{"/open/x", "/hook/", "/hook/?x=/../y"} {
			got, r := g.asks(t, wirePost(path, `{"a":1}`, "Cookie: guard=down; access_token=old", "Remote-User: mallory", "Remote_User: mallory"))
			if r == nil || got.status != 200 || r.Method != "POST" || r.Header.Get("Remote-User") != "" || r.Header.Get("Remote_User") != "" || r.Header.Get("Cookie") != "guard=down; access_token=old; access_token=" || r.Header.Get("Authorization") != "" {
				t.Errorf("%s, while the guard cannot answer: answered %v, Django was asked %v", path, got, r)
			}
		}
		if _, r := g.asks(t, wireGet("/.gatehouse/check", "Cookie: access_token=good")); r != nil && r.URL.Path != "/.gatehouse/check" {
			t.Errorf("asked %v", r.URL)
		}
	})
}

// A renewed cookie reaches the client with whatever Django answers.
func TestRenewedCookiesBehindProxies(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for path, status := range map[string]int{"/jobs/": 200, "/broken/": 500, "/missing/": 404} {
			got, r := g.asks(t, wireGet(path, "Cookie: refresh_token=good"))
			if r == nil || got.status != status || len(got.header.Values("Set-Cookie")) != 1 || got.header.Get("Set-Cookie") != "access_token=fresh; Path=/; HttpOnly" {
				t.Errorf("%s: answered %v", path, got)
			}
			for _, name := range []string{"Remote-User", "X-Gatehouse-Access-Token"} {
				if got.header.Get(name) != "" {
					t.Errorf("%s: the client gets %s", path, name)
				}
			}
			if got, _ := g.asks(t, wireGet(path, "Cookie: access_token=good")); len(got.header.Values("Set-Cookie")) != 0 {
				t.Errorf("%s: answered %v", path, got)
			}
		}
	})
}

// What Django does for long, or with much, is not cut off: an upload, an answer in parts, and what
// follows an upgrade. What is larger than an upload may be is refused.
func TestDjangosWayIsWide(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		upload := func(size int) string {
			return fmt.Sprintf("POST /upload/ HTTP/1.1\r\n%s\r\nCookie: access_token=good\r\nContent-Length: %d\r\n\r\n%s", wireHost, size, strings.Repeat("x", size))
		}
		if got := g.ask(t, somewhere, upload(20<<20)); got.status != 200 || string(got.body) != "20971520 bytes" {
			t.Errorf("an upload of 20 MB is answered %v", got)
		}
		if got := g.ask(t, somewhere, upload(26<<20)); got.status != 413 {
			t.Errorf("an upload of 26 MB is answered %v", got)
		}
		chunked := "POST /upload/ HTTP/1.1\r\n" + wireHost + "\r\nCookie: access_token=good\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(strings.Repeat("x", 2<<20)) + noChunks
		if got := g.ask(t, somewhere, chunked); got.status != 200 || string(got.body) != "2097152 bytes" {
			t.Errorf("an upload in chunks is answered %v", got)
		}
		g.mustStream(t)
		g.mustUpgrade(t, "websocket", 101)
		g.mustUpgrade(t, "WebSocket", 101)
		g.mustUpgrade(t, "h2c", 200)
	})
}

// mustStream reads the first part of an answer whose second part waits for it.
func (g guarded) mustStream(t *testing.T) {
	t.Helper()
	conn := g.dial(t, somewhere)
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, public(wireGet("/stream/", "Cookie: access_token=good")))
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("data: 1\n\n"))
	if _, err := io.ReadFull(got.Body, first); err != nil {
		t.Fatalf("the first part does not come before the second: %v", err)
	}
	if got := g.ask(t, somewhere, wireGet("/go-on/", "Cookie: access_token=good")); got.status != 200 {
		t.Errorf("answered %v", got)
	}
	if rest, err := io.ReadAll(got.Body); err != nil || string(rest) != "data: 2\n\n" {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

// mustUpgrade asks for another protocol, and has it echo if that is what it gets.
func (g guarded) mustUpgrade(t *testing.T, protocol string, status int) {
	t.Helper()
	conn := g.dial(t, somewhere, "http/1.1")
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, public(wireGet("/socket/", "Cookie: access_token=good", "Connection: keep-alive, Upgrade", "Upgrade: "+protocol)))
	from := bufio.NewReader(conn)
	got, err := http.ReadResponse(from, nil)
	if err != nil || got.StatusCode != status {
		t.Fatalf("%s: answered %v, %v", protocol, got, err)
	}
	if asked := g.django.take(); (asked[len(asked)-1].Header.Get("Upgrade") != "") != (status == http.StatusSwitchingProtocols) {
		t.Errorf("%s: Django was asked %v", protocol, asked[len(asked)-1].Header)
	}
	if status != http.StatusSwitchingProtocols {
		return
	}
	_, _ = io.WriteString(conn, "hello\n")
	if line, err := from.ReadString('\n'); err != nil || line != "hello\n" {
		t.Errorf("%s: echoed %q, %v", protocol, line, err)
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

// While Gatehouse is down, what is open goes on, and the rest does not.
func TestDjangoWithoutGatehouse(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		g.guard.stop()
		for range 3 {
			if got, r := g.asks(t, wireGet("/jobs/", "Cookie: access_token=good")); r != nil || got.status != 503 || got.header.Get("Retry-After") == "" {
				t.Errorf("what is guarded is answered %v", got)
			}
			if got, r := g.asks(t, wireGet("/open/x", "Cookie: access_token=good")); got.status != 200 || r == nil || r.Header.Get("Remote-User") != "" || r.Header.Get("Cookie") != "access_token=good; access_token=" {
				t.Errorf("what is open is answered %v, Django was asked %v", got, r)
			}
		}
		g.guard.start(t)
		if got, _ := g.asks(t, wireGet("/jobs/", "Cookie: access_token=good")); got.status != 200 {
			t.Errorf("afterwards: %v", got)
		}
	})
}

// Below a path prefix, Gatehouse gets our paths without it, and Django its own as they are. What we have
// taken over is not Django's without the prefix either.
func TestProxiesBelowAPathPrefix(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, django *otherProgram) {
		for target, status := range map[string]int{
			"/office/accounts/me/": 401, "/office/accounts/me": 401, "/office/api/accounts/me/?x=1": 401, "/office/.well-known/jwks.json": 200, "/office/accounts/login/": 200, "/accounts/me/": 401,
		} {
			got := f.ask(t, somewhere, wireGet(target))
			if asked := django.take(); got.status != status || len(asked) > 0 {
				t.Errorf("%s: answered %d, Django was asked %d times", target, got.status, len(asked))
			}
		}
		for _, target := range []string{"/office/", "/office/api/accounts/staff/", "/office/jobs/%2F/", "/accounts/login/", "/.well-known/jwks.json", "/openapi.json"} {
			f.ask(t, somewhere, wireGet(target))
			if asked := django.take(); len(asked) != 1 || asked[0].RequestURI != target {
				t.Errorf("%s: Django was asked %v", target, asked)
			}
		}
	}, "GATEHOUSE_PUBLIC_URL=https://shop.example/office")
}

// A snippet leaves to the shop what is the shop's, with and without the guard.
func TestProxySnippetsInAShopsFile(t *testing.T) {
	t.Parallel()
	for _, p := range proxies {
		for _, wish := range []string{"", "--guard"} {
			t.Run(p.name+wish, func(t *testing.T) {
				t.Parallel()
				guard, django := newOther(t, http.HandlerFunc(aGuard)), newOther(t, http.HandlerFunc(djangos))
				shop := newPublicShop(t)
				wishes := strings.Fields("proxy " + p.name + " --snippet --guard-listen " + guard.address + " --django " + django.address + " " + wish)
				g := guarded{p.with(t, shop, p.around(shop.operator(t, wishes...))), guard, django}
				for target, want := range map[string]string{"/accounts/me/": "", "/api/accounts/staff/": "django", "/accounts/api/staff/all/": "django", "/api/jobs/%2F1/?q=1": "django", "/": "", "/app/": "", "/media/x.png": ""} {
					got, r := g.asks(t, wireGet(target, "Cookie: access_token=good", "Remote_User: mallory", "X_Gatehouse_Access-Token: mallory"))
					if got.header.Get("X-Answered-By") != want || r != nil && r.RequestURI != target {
						t.Errorf("%s: answered %v, want %q", target, got, want)
					}
					if r != nil && (strings.Contains(fmt.Sprint(r.Header), "mallory") || wish != "" && r.Header.Get("Authorization") != "Bearer good") {
						t.Errorf("%s: Django got %v", target, r.Header)
					}
				}
				if got, r := g.asks(t, wireGet("/api/jobs/")); wish != "" && (r != nil || got.status != 401) {
					t.Errorf("a stranger is answered %v", got)
				}
			})
		}
	}
}

// Django and the guard can be at Unix sockets, in a whole file and in a snippet.
func TestProxiesOverUnixSockets(t *testing.T) {
	t.Parallel()
	for _, p := range proxies {
		for _, snippet := range []bool{false, true} {
			t.Run(fmt.Sprint(p.name, snippet), func(t *testing.T) {
				t.Parallel()
				at := newPlace(t)
				_ = os.Chmod(at.dir, 0o755)
				guard, django := newOtherAt(t, "unix:"+at.file("guard.sock"), http.HandlerFunc(aGuard)), newOtherAt(t, "unix:"+at.file("django.sock"), http.HandlerFunc(djangos))
				shop := newPublicShop(t)
				args := []string{"proxy", p.name, "--django", django.address, "--guard", "--guard-listen", guard.address}
				file := shop.operator(t, args...)
				if snippet {
					file = p.around(shop.operator(t, append(args, "--snippet")...))
				}
				g := guarded{p.with(t, shop, file), guard, django}
				if got, r := g.asks(t, wireGet("/api/x%2Fy/?q=1", "Cookie: access_token=good")); got.status != 200 || r == nil || r.RequestURI != "/api/x%2Fy/?q=1" || r.Header.Get("Remote-User") != "hana" {
					t.Errorf("answered %v, Django was asked %v", got, r)
				}
				if got, r := g.asks(t, wireGet("/api/x/")); got.status != 401 || r != nil {
					t.Errorf("a stranger is answered %v", got)
				}
			})
		}
	}
}
