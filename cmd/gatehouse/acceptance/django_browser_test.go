//go:build system

package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// shortLife is the lifetime of access tokens where a page is to stay open for longer.
const shortLife = "ACCESS_TOKEN_LIFETIME=3s"

// chromium starts a browser for which the shop's name leads to the proxy, and that of another site of
// the same domain to the address given.
func (f *front) chromium(t *testing.T, elsewhere string) context.Context {
	t.Helper()
	return chromium(t, chromedp.Flag("ignore-certificate-errors", true), // the certificate is the test's
		chromedp.Flag("host-resolver-rules", fmt.Sprintf("MAP %s %s,MAP %s %s", publicHost, f.address, otherHost, elsewhere)))
}

// otherHost is a site beside the shop's, to which browsers send Lax cookies from there.
const otherHost = "evil." + publicHost

// openApp asks for a page of Django as a stranger, and signs in where the guard leads. That must lead
// back to the page. Then it opens the app.
func (s *djangoShop) openApp(t *testing.T, browser context.Context, address string) *tab {
	t.Helper()
	public := &server{Process: s.Process, address: s.address, url: publicURL}
	b := openTab(t, browser, &pageServer{server: public, dir: s.dir, env: s.env}, desktop)
	const wanted = whoPath + "?a=b%2Fc&d="
	b.visit(wanted)
	b.mustSay("Sign in")
	b.submit(submitButton, "username", address, "password", hanaPassword)
	if got := evaluate[string](b, "location.href"); got != publicURL+wanted || !strings.Contains(b.text("body"), address) {
		t.Fatalf("signing in has led to %s: %s", got, b.text("body"))
	}
	b.visit(appPath)
	b.mustSay("Jobs")
	return b
}

// until waits in the page until a condition of the app holds.
func (b *tab) until(condition string) {
	b.t.Helper()
	const look = `new Promise((done) => { const look = () => (%s) ? done("") : setTimeout(look, 20); look(); })`
	evaluate[string](b, fmt.Sprintf(look, condition))
}

// The shop's apps never refresh, and answer any 401 by signing out. A page of theirs stays open for
// more than three lifetimes of an access token, in two tabs that ask in the background, and nobody
// is signed out. When one tab signs out, the other one's next request is refused.
func TestAppsThatNeverRefreshBehindProxiesWithDjango(t *testing.T) {
	t.Parallel()
	s := newDjangoShop(t, "ES256", shortLife)
	s.throughEach(t, []djangoStory{{"an upload takes longer than the token lasts", slowUpload}})
	for i, f := range s.fronts {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			first := s.openApp(t, f.chromium(t, "127.0.0.1:9"), crewMember(crewSize-1-i))
			second := first.another(phone)
			second.visit(appPath)
			for _, b := range []*tab{first, second} {
				b.until("seen.lifetimes.size >= 4 || seen.refused > 0")
				if got := evaluate[string](b, "`${seen.refused} refused, ${seen.signedOut} times signed out. ${seen.reason}`"); got != "0 refused, 0 times signed out. " {
					t.Errorf("the app says: %s", got)
				}
			}
			t.Logf("%s answers in the first tab", evaluate[string](first, "`${seen.answered}`"))
			if status := evaluate[int](second, `fetch("/accounts/logout/", {method: "POST"}).then((r) => r.status)`); status != 200 {
				t.Errorf("signing out is answered %d", status)
			}
			first.until("seen.refused > 0")
		})
	}
}

// Where nothing renews, the same app is signed out with the first token's lifetime.
func TestAppsAreSignedOutWithoutRenewalBehindProxiesWithDjango(t *testing.T) {
	t.Parallel()
	s := newDjangoShop(t, "HS256", shortLife, "RENEW_ACCESS_TOKENS=false")
	b := s.openApp(t, s.fronts[0].chromium(t, "127.0.0.1:9"), crewMember(0))
	b.until("seen.signedOut > 0")
	if lifetimes := evaluate[int](b, "seen.lifetimes.size"); lifetimes != 1 {
		t.Errorf("the app has seen %d lifetimes. %s", lifetimes, evaluate[string](b, "seen.reason"))
	}
}

// A page of another site of the same domain sends the person's cookies, in a form and from a script.
// Nothing that it asks for is done.
func TestForgedPagesBehindProxiesWithDjango(t *testing.T) {
	t.Parallel()
	evil := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><h1>Win</h1><form method="post" action="` + publicURL + effectsPath + `"><button>Win</button></form>`))
	}))
	t.Cleanup(evil.Close)
	s := newDjangoShop(t, "HS256")
	for i, f := range s.fronts {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			b := s.openApp(t, f.chromium(t, evil.Listener.Addr().String()), crewMember(i))
			effects := func() string {
				return evaluate[string](b, `fetch("`+effectsPath+`").then((r) => r.text())`)
			}
			b.do(chromedp.Navigate("https://" + otherHost + "/"))
			b.mustSay("Win")
			evaluate[string](b, `fetch("`+publicURL+effectsPath+`", {method: "POST", mode: "no-cors", credentials: "include"}).then((r) => r.type)`)
			b.submit("button")
			b.mustSay("Not from there") // and not that the person has to sign in
			b.visit(appPath)
			if got := effects(); got != `{"effects":0}` {
				t.Errorf("Django says %s", got)
			}
			if status := evaluate[int](b, `fetch("`+effectsPath+`", {method: "POST"}).then((r) => r.status)`); status != 200 || effects() != `{"effects":1}` {
				t.Errorf("the app's own request is answered %d, and then Django says %s", status, effects())
			}
		})
	}
}
