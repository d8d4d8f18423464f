//go:build system

package acceptance

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// withOurGuard runs a test with each proxy in front of a shop with its own guard, and of a Django that
// answers everything.
func withOurGuard(t *testing.T, test func(t *testing.T, g guarded)) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			django := newOther(t, http.HandlerFunc(djangos))
			test(t, guarded{p.before(t, newGuardedShop(t), "--django", django.address, "--guard"), nil, django})
		})
	}
}

func newGuardedShop(t *testing.T, set ...string) *shopServer {
	t.Helper()
	return newPublicShop(t, append([]string{"GATEHOUSE_GUARD_LISTEN=" + freeAddress(t), "GUARD_OPEN_PATHS=/open/*"}, set...)...)
}

// The proxies let people through to Django while they are signed in, and always under their own
// name. They never let strangers through.
func TestProxiesAskOurGuard(t *testing.T) {
	withOurGuard(t, func(t *testing.T, g guarded) {
		p := g.mustSignIn(t)
		got, r := g.asks(t, wireGet("/jobs/?role=none", append(falseIdentity, "Cookie: access_token="+p.access)...))
		if got.status != 200 || r == nil || r.Header.Get("Remote-Email") != hana || r.Header.Get("Authorization") != "Bearer "+p.access || !strings.HasSuffix(r.Header.Get("Cookie"), "; access_token="+p.access) || strings.Contains(strings.Join(r.Header["Remote-User"], " "), "mallory") {
			t.Errorf("hana is answered %v, Django was asked %v", got, r)
		}
		got, r = g.asks(t, wireGet("/jobs/", "Cookie: refresh_token="+p.refresh))
		renewed := strings.Join(got.header["Set-Cookie"], "\n")
		if got.status != 200 || r == nil || !strings.HasPrefix(renewed, "access_token=ey") || !strings.HasSuffix(r.Header.Get("Cookie"), "; "+strings.SplitN(renewed, ";", 2)[0]) {
			t.Errorf("a renewal is answered %v, Django was asked %v", got, r)
		}
		g.mustRefuse(t, 401, wireGet("/jobs/"), wireGet("/jobs/", "Authorization: Bearer "+p.access+"x"), wireGet("/open/%2e%2e/jobs/"), wireGet("/open//x"))
		g.mustRefuse(t, 303, wireGet("/jobs/", "Sec-Fetch-Mode: navigate"))
		g.mustRefuse(t, 403, wirePost("/jobs/", "{}", "Cookie: access_token="+p.access, "Origin: https://evil.test", "Sec-Fetch-Site: cross-site"))
		if got, r := g.asks(t, wireGet("/open/x", "Cookie: access_token=old", "Remote-User: mallory")); got.status != 200 || r == nil || r.Header.Get("Remote-User") != "" || r.Header.Get("Cookie") != "access_token=old; access_token=" {
			t.Errorf("what is open is answered %v, Django was asked %v", got, r)
		}
		g.ask(t, somewhere, wirePost(logoutPath, "", "Cookie: access_token="+p.access+"; refresh_token="+p.refresh))
		g.mustRefuse(t, 401, wireGet("/jobs/", "Cookie: access_token="+p.access+"; refresh_token="+p.refresh))
	})
}

// mustRefuse fails for each request that is not answered with the status, or that reaches Django.
func (g guarded) mustRefuse(t *testing.T, status int, requests ...string) {
	t.Helper()
	for _, raw := range requests {
		if got, r := g.asks(t, raw); got.status != status || r != nil {
			t.Errorf("%.120q: answered %v, want %d; Django was asked: %v", raw, got, status, r != nil)
		}
	}
}

// While Gatehouse is stopped, guarded paths are shut and open paths work. Afterwards all work again.
func TestProxiesWithoutOurGuard(t *testing.T) {
	withOurGuard(t, func(t *testing.T, g guarded) {
		p := g.mustSignIn(t)
		_ = g.shop.End(os.Kill)
		g.mustRefuse(t, 503, wireGet("/jobs/", "Cookie: access_token="+p.access), wirePost("/jobs/", "{}", "Cookie: access_token="+p.access))
		if got, r := g.asks(t, wirePost("/open/x", "{}", "Cookie: access_token="+p.access)); got.status != 200 || r == nil || !strings.HasSuffix(r.Header.Get("Cookie"), "; access_token=") {
			t.Errorf("what is open is answered %v", got)
		}
		g.shop.again(t)
		if got, r := g.asks(t, wireGet("/jobs/", "Cookie: access_token="+p.access)); got.status != 200 || r == nil {
			t.Errorf("afterwards: %v", got)
		}
	})
}

// The check finds all well with a guard, and says what it cannot see.
func TestTheCheckOfAProxyWithOurGuard(t *testing.T) {
	withOurGuard(t, func(t *testing.T, g guarded) {
		mustBeWell(t, g.front, "/api/accounts/staff/ is refused by the guard", "/healthz is not answered by Gatehouse", "the guard cannot be asked through the proxy", "the guard's listener", "false X-Original-URL")
		if asked := g.django.take(); len(asked) > 0 {
			t.Errorf("Django was asked %s %s", asked[0].Method, asked[0].URL)
		}
	})
}

// What GUARD_OPEN_PATHS opens is Django's to answer. The check does not want it refused.
func TestTheCheckOfAProxyKnowsWhatIsOpen(t *testing.T) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			django := newOther(t, http.HandlerFunc(djangos))
			shop := newGuardedShop(t, "GUARD_OPEN_PATHS=/healthz,/api/accounts/staff/*")
			mustBeWell(t, p.before(t, shop, "--django", django.address, "--guard"), "/api/accounts/staff/ is not answered by Gatehouse", "/accounts/api/staff/ is refused by the guard", "/healthz is not answered by Gatehouse", "false X-Original-URL")
		})
	}
}

// Where a snippet leaves the root to the shop, the shop's app answers what is for this machine alone.
func TestTheCheckOfAProxySnippet(t *testing.T) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			django, shop := newOther(t, http.HandlerFunc(djangos)), newGuardedShop(t)
			snippet := shop.operator(t, "proxy", p.name, "--snippet", "--django", django.address, "--guard")
			mustBeWell(t, p.with(t, shop, p.around(snippet)), "/api/accounts/staff/ is refused by the guard", "/healthz is not answered by Gatehouse", "/readyz is not answered by Gatehouse")
		})
	}
}

// mustBeWell fails unless the check has nothing against the proxy, and calls these questions good.
func mustBeWell(t *testing.T, f *front, questions ...string) {
	t.Helper()
	out, errs, status := f.check(t, "--guard")
	if status != 0 || errs != "" || strings.Contains(out, "BAD") {
		t.Errorf("exit status %d, %s\n%s", status, errs, out)
	}
	for _, question := range questions {
		if got := verdictOf(out, question); !strings.HasPrefix(got, "good") {
			t.Errorf("%s: %q", question, got)
		}
	}
}

// A guard whose port somebody has made public is found.
func TestAGuardBesideItsProxyIsFound(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	django, shop := newOther(t, http.HandlerFunc(djangos)), newPublicShop(t, "GATEHOUSE_GUARD_LISTEN="+address)
	f := proxies[0].before(t, shop, "--django", django.address, "--guard")
	f.plainWay = wayTo(t, address)
	out, errs, status := f.check(t, "--guard")
	mustFind(t, out, errs, status, "the guard's listener")
}

// What is wrong with a guarded proxy is found through it.
func TestFaultsOfAGuardedProxyAreFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct{ of, instead, question string }{
		{"auth_request /.gatehouse/check;", "", "/api/accounts/staff/ is refused by the guard"},
		{"location / {", "location /check {\nproxy_pass http://gatehouse_guard;\n}\nlocation / {", "the guard cannot be asked through the proxy"},
		{"set $gatehouse_method $request_method;", `set $gatehouse_method $http_x_original_method;`, "false X-Original-URL"},
	} {
		t.Run(fault.question, func(t *testing.T) {
			t.Parallel()
			django, shop := newOther(t, http.HandlerFunc(djangos)), newGuardedShop(t)
			file := shop.operator(t, "proxy", "nginx", "--django", django.address, "--guard")
			out, errs, status := proxies[0].with(t, shop, replaceOnce(t, file, fault.of, fault.instead)).check(t, "--guard")
			mustFind(t, out, errs, status, fault.question)
		})
	}
}
