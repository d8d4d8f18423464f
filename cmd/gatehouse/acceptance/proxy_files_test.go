//go:build system

package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

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
