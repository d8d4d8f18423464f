//go:build system

package acceptance

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

const submitButton = "main button[type=submit]"

// onEveryScreen tries a story on each screen, with and without scripts.
func onEveryScreen(t *testing.T, story func(t *testing.T, browser context.Context, s screen)) {
	browser := chromium(t)
	for _, s := range []screen{phone, desktop} {
		for _, s.scripts = range []bool{true, false} {
			t.Run(s.String(), func(t *testing.T) { story(t, browser, s) })
		}
	}
}

// cookies are the names of those that the browser keeps.
func (b *tab) cookies() string {
	b.t.Helper()
	var names []string
	for _, cookie := range call(b, network.GetCookies, network.GetCookiesParams{}).Cookies {
		if !cookie.HTTPOnly {
			b.t.Errorf("scripts can read the cookie %s", cookie.Name)
		}
		names = append(names, cookie.Name)
	}
	return strings.Join(names, " ")
}

// value is what is in a field.
func (b *tab) value(field string) string {
	b.t.Helper()
	return evaluate[string](b, "document.getElementById("+jsText(field)+").value")
}

// press presses a key and lets it go. A keyboard's key comes with the character that it types;
// chromedp.KeyEvent sends that later, when a link that Enter follows has moved the focus already.
func (b *tab) press(key, text string, code int64) {
	b.t.Helper()
	stroke := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: key, Text: text, WindowsVirtualKeyCode: code}
	call(b, input.DispatchKeyEvent, stroke)
	stroke.Type, stroke.Text = input.DispatchKeyEventTypeKeyUp, ""
	call(b, input.DispatchKeyEvent, stroke)
}

// mustFocus waits until the focus is on what has the id given.
func (b *tab) mustFocus(id string) {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}) // the page is there already
	const comes = `new Promise((done) => {
		const look = (frames) => {
			const now = document.activeElement?.id ?? "";
			if (now === %s || frames === 0) done(now); else requestAnimationFrame(() => look(frames - 1));
		};
		look(300);
	})`
	if got := evaluate[string](b, fmt.Sprintf(comes, jsText(id))); got != id {
		b.t.Errorf("the focus is on %q, want %q", got, id)
	}
}

// Somebody new signs in for the first time, has to choose a password, and is then signed in
// where they wanted to go, without giving the address again.
func TestFirstSignInInABrowser(t *testing.T) {
	server := servePages(t)
	onEveryScreen(t, func(t *testing.T, browser context.Context, s screen) {
		b := openTab(t, browser, server, s)
		address := newcomer(b)
		b.visit("/accounts/login/?next=/accounts/sessions/")
		b.submit(submitButton, "username", address, "password", firstDay)
		b.mustSay("Change your password")
		if got := b.text(".notice"); b.value("username") != address || !strings.Contains(got, "has to be changed") || b.cookies() != "password_due" {
			t.Errorf("the address is %q, the reason %q, the cookies %q", b.value("username"), got, b.cookies())
		}
		b.submit(submitButton, "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
		b.mustSay("Your password is changed")
		if got := b.value("username"); got != address {
			t.Errorf("the address is %q", got)
		}
		b.submit(submitButton, "password", chosen)
		b.mustSay("Your devices")
		if got := b.cookies(); !strings.Contains(got, "access_token") || !strings.Contains(got, "refresh_token") {
			t.Errorf("the cookies are %s", got)
		}
		b.noFaults()
		b.visit("/accounts/me/")
		if got := b.text("body"); !strings.Contains(got, `"email":"`+address+`"`) {
			t.Errorf("the tokens do not work: %s", got)
		}
	})
}

// An app that does not know of a due change shows what me/ says. The page behind the address in it knows
// who comes, and leads back to the app.
func TestADueChangeFromAnAppInABrowser(t *testing.T) {
	app := listenAsOldApp(t)
	server := servePages(t, "CORS_ALLOWED_ORIGINS="+app, "SIGN_IN_REDIRECT_ALLOWED="+app)
	b := openTab(t, chromium(t), server, phone)
	address := newcomer(b)
	signIn := func(username, password string) string {
		b.do(chromedp.Navigate(app + "/"))
		return evaluate[string](b, fmt.Sprintf("signIn(%s, %s, %s)", jsText(server.url), jsText(username), jsText(password)))
	}
	if got := signIn(hana, hanaPassword); got != "Hello "+hana {
		t.Fatalf("the app says %q", got)
	}
	there := server.url + "/accounts/password_change/"
	if got := signIn(address, firstDay); got != "Your password has to be changed before you can go on. Open "+there || strings.Contains(b.cookies(), "token") {
		t.Fatalf("the app says %q, the cookies are %s", got, b.cookies())
	}
	b.do(chromedp.Navigate(there + "?next=" + app + "/jobs/"))
	b.mustSay("Change your password")
	if got := b.text(".notice"); b.value("username") != address || !strings.Contains(got, "has to be changed") {
		t.Errorf("the address is %q, the reason %q", b.value("username"), got)
	}
	b.submit(submitButton, "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
	b.mustSay("Your password is changed")
	if got := b.cookies(); got != "device" {
		t.Errorf("after the change the cookies are %s", got)
	}
	b.submit(submitButton, "password", chosen)
	if got := evaluate[string](b, "location.href"); got != app+"/jobs/" {
		t.Errorf("it leads to %s", got)
	}
	if got := signIn(address, chosen); got != "Hello "+address {
		t.Errorf("the app says %q", got)
	}
}

// listenAsOldApp serves an app on the host of the service. Like the shop's, it takes every answer of token/
// for a success, asks me/, and shows its detail unless the status is 401 or 5xx.
func listenAsOldApp(t *testing.T) (origin string) {
	t.Helper()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><script>
			async function signIn(service, username, password) {
				const ask = (path, more) => fetch(service + path, {credentials: "include", ...more});
				await ask("/accounts/api/token/", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({username, password})});
				const me = await ask("/accounts/me/");
				const told = await me.json();
				if (me.ok) return "Hello " + told.email;
				return me.status === 401 || me.status >= 500 ? "Wrong e-mail or password" : told.detail;
			}
		</script>`))
	}))
	t.Cleanup(app.Close)
	return app.URL
}

// A wrong password is told beside its field, which the keyboard reaches from the summary.
func TestWrongOldPasswordInABrowser(t *testing.T) {
	server := servePages(t)
	onEveryScreen(t, func(t *testing.T, browser context.Context, s screen) {
		b := openTab(t, browser, server, s)
		b.visit("/accounts/password_change/")
		typed := stranger(b)
		b.submit(submitButton, "username", typed, "old_password", "not the old one", "new_password", chosen, "new_password_again", chosen)
		b.mustSay("Change your password")
		b.mustFocus("problem")
		const told = "document.getElementById(document.getElementById('old_password').getAttribute('aria-describedby')).innerText"
		const wrong = "The e-mail address or the present password is wrong."
		if got := evaluate[string](b, told); got != wrong {
			t.Errorf("beside the field stands %q", got)
		}
		if b.value("username") != typed || b.value("old_password") != "" || b.value("new_password") != "" {
			t.Error("the form has what it should not have, or has lost the address")
		}
		b.press("Tab", "", 9)
		b.press("Enter", "\r", 13)
		b.mustFocus("old_password")
		if got := evaluate[string](b, told); got != wrong {
			t.Errorf("following the link has left %q beside the field", got)
		}
		b.noFaults()
	})
}

// A link works once, and looking at it does not use it up. A link that was used, or replaced by a
// newer one, says that it does not work any more.
func TestLinksInABrowser(t *testing.T) {
	server := servePages(t, "GATEHOUSE_PUBLIC_URL=http://127.0.0.1:1")
	onEveryScreen(t, func(t *testing.T, browser context.Context, s screen) {
		b := openTab(t, browser, server, s)
		address := newcomer(b)
		link := resetLink(b, address)
		b.visit(link)
		b.visit(link)
		b.mustSay("Choose a new password")
		b.submit(submitButton, "new_password", "short", "new_password_again", "short")
		b.mustSay("Choose a new password")
		b.submit(submitButton, "new_password", chosen, "new_password_again", chosen)
		b.mustSay("Your password is changed")
		b.submit(submitButton, "username", address, "password", chosen)
		if got := b.cookies(); !strings.Contains(got, "access_token") {
			t.Errorf("the cookies are %s", got)
		}
		b.visit(link)
		b.submit(submitButton, "new_password", chosen+"!", "new_password_again", chosen+"!")
		b.mustSay("This link does not work any more")
		old := resetLink(b, address)
		resetLink(b, address) // takes its place
		b.visit(old)
		b.submit(submitButton, "new_password", chosen+"!", "new_password_again", chosen+"!")
		b.mustSay("This link does not work any more")
		b.faults = nil // the place where signing in leads is not there
	})
}

// resetLink has an operator make a link, and returns its path.
func resetLink(b *tab, address string) string {
	b.t.Helper()
	stdout, stderr, status := runProgram(b.t, b.server.dir, b.server.env, "", "staff", "reset-link", address)
	_, path, found := strings.Cut(stdout, "http://127.0.0.1:1/")
	if status != 0 || !found {
		b.t.Fatalf("no link: %s%s", stdout, stderr)
	}
	return "/" + strings.Fields(path)[0]
}

// One browser signs another one out.
func TestSigningAnotherOneOutInABrowser(t *testing.T) {
	server := servePages(t)
	onEveryScreen(t, func(t *testing.T, browser context.Context, s screen) {
		mine, other := openTab(t, browser, server, s), openTab(t, browser, server, desktop)
		address := newcomer(mine)
		other.visit("/accounts/password_change/")
		other.submit(submitButton, "username", address, "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
		for _, b := range []*tab{other, mine} {
			b.visit("/accounts/login/?next=/accounts/sessions/")
			b.submit(submitButton, "username", address, "password", chosen)
			b.mustSay("Your devices")
		}
		mine.submit("button[name=end]")
		if got := mine.text(".status"); got != "The device is signed out." || mine.text("button[name=end]") != "" {
			t.Errorf("the page says %q", got)
		}
		other.visit("/accounts/sessions/")
		other.mustSay("Sign in")
		mine.submit("button[name=sign_out]")
		if got := mine.text(".status"); got != "You are signed out." || strings.Contains(mine.cookies(), "token") {
			t.Errorf("the page says %q, the cookies are %s", got, mine.cookies())
		}
		mine.noFaults()
		other.noFaults()
	})
}

// What is typed can be shown, and is hidden again when it is sent.
func TestShowingAPasswordInABrowser(t *testing.T) {
	server := servePages(t)
	b := openTab(t, chromium(t), server, phone)
	b.visit("/accounts/login/")
	kind := func() string { return evaluate[string](b, "document.getElementById('password').type") }
	for _, want := range []string{"text", "password", "text"} {
		b.do(chromedp.Click(chromedp.CSS(".reveal")))
		if got := kind(); got != want {
			t.Errorf("the field is of the type %s, want %s", got, want)
		}
	}
	if got := evaluate[string](b, "document.querySelector('.reveal').ariaPressed + document.querySelector('.reveal').ariaLabel"); got != "trueShow Password" {
		t.Errorf("the button is called %q", got)
	}
	sent := `new Promise((done) => { const f = document.forms[0]; f.addEventListener("submit", (e) => { e.preventDefault(); done(f.password.type); }); f.requestSubmit(); })`
	if got := evaluate[string](b, sent); got != "password" {
		t.Errorf("what is sent is of the type %s", got)
	}
	b.noFaults()
}

// The policy lets signing in lead on to where it may, and a browser follows; a form of another
// site gets nothing done.
func TestSigningInLeadsOnInABrowser(t *testing.T) {
	app := listenAsApp(t)
	server := servePages(t, "SIGN_IN_REDIRECT_URL="+app+"/jobs/", "SIGN_IN_REDIRECT_ALLOWED="+app)
	browser := chromium(t)
	for path, want := range map[string]string{
		"/accounts/login/":                              app + "/jobs/",
		"/accounts/login/?next=" + app + "/x":           app + "/x",
		"/accounts/login/?next=https://evil.test/":      app + "/jobs/",
		"/accounts/login/?next=/%09/evil.test":          app + "/jobs/",
		"/accounts/login/?next=/accounts/sessions/?a=b": server.url + "/accounts/sessions/?a=b",
	} {
		b := openTab(t, browser, server, phone)
		b.visit(path)
		b.submit(submitButton, "username", hana, "password", hanaPassword)
		if got := evaluate[string](b, "location.href"); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	b := openTab(t, browser, server, phone)
	b.do(chromedp.Navigate(app + "/form?" + server.url))
	b.submit("button")
	b.mustSay("Not from there")
	if got := b.cookies(); got != "" {
		t.Errorf("the cookies are %s", got)
	}
}

// listenAsApp serves another site: any page, and one with a form that signs its visitors in
// as somebody else.
func listenAsApp(t *testing.T) (origin string) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	app := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><form method="post" action="` + r.URL.RawQuery + `/accounts/login/"><input name="username" value="` +
			hana + `"><input name="password" value="` + hanaPassword + `"><button>Win</button></form>`))
	})}
	go func() { _ = app.Serve(listener) }()
	t.Cleanup(func() { _ = app.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return "http://localhost:" + port
}

// Old browsers say nothing of the site that a request comes from, but its origin: our own
// pages must not hide theirs.
func TestPagesTellTheirOriginInABrowser(t *testing.T) {
	server := servePages(t)
	b := openTab(t, chromium(t), server, phone)
	var origin, referer string
	err := chromedp.Listen(b.ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSentExtraInfo); ok {
			if value, posted := sent.Headers["Origin"].(string); posted {
				origin = value
				referer, _ = sent.Headers["Referer"].(string)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.visit("/accounts/login/?next=/secret/")
	b.submit(submitButton, "username", hana, "password", "wrong")
	if origin != server.url || referer != server.url+"/" {
		t.Errorf("the origin is %q, the referer %q", origin, referer)
	}
}

// The shop's logo is shown, and an SVG that is opened by itself does nothing.
func TestLogoInABrowser(t *testing.T) {
	axe := readAxe(t)
	logo, err := filepath.Abs("testdata/logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	server := servePages(t, "SHOP_NAME=Tui Joinery", "SHOP_LOGO_FILE="+logo)
	browser := chromium(t)
	for _, s := range []screen{phone, desktop} {
		b := openTab(t, browser, server, s)
		b.visit("/accounts/login/")
		if got := evaluate[int](b, "document.querySelector('.brand img').naturalWidth"); got != 220 {
			t.Errorf("the logo is %d pixels wide", got)
		}
		for _, scheme := range schemes {
			b.prefer(scheme)
			b.photograph("logo " + s.String() + " " + scheme)
			b.mustBeGood(axe, s)
		}
		b.visit(evaluate[string](b, "document.querySelector('.brand img').getAttribute('src')"))
		if got := evaluate[string](b, "document.title"); got != "" {
			t.Errorf("the logo, opened by itself, has the title %q", got)
		}
	}
}
