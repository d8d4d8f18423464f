//go:build system

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A person of testdata/staff.json of whose password a change is due, and what new people choose.
const (
	carla    = "carla@shop.test"
	firstDay = "first day at the shop"
	chosen   = "weka steal the lunch"
)

// pageSettings let a browser use the pages on loopback.
func pageSettings(dir string, more ...string) []string {
	return environment(append([]string{
		"GATEHOUSE_DATA_DIR=" + filepath.Join(dir, "data"), "ENABLE_JWT_AUTH=true", "AUTH_COOKIE_SECURE=false",
		"SHOP_NAME=Tui & Daughters", "TIME_ZONE=Pacific/Auckland", "GATEHOUSE_THROTTLE_FREE_FAILURES=1",
		"GATEHOUSE_THROTTLE_NETWORK_BUDGET=100000", "GATEHOUSE_THROTTLE_FIRST_DELAY=15m",
		"EMAIL_HOST=127.0.0.1", "EMAIL_PORT=1", "EMAIL_USE_TLS=false", "DEFAULT_FROM_EMAIL=shop@shop.test", // nobody is there
	}, more...)...)
}

// A pageServer is a service, and how commands find its database.
type pageServer struct {
	*server
	dir string
	env []string
	// How many there have been; tabs are used one after the other.
	newcomers, strangers int
}

// servePages serves the people of testdata/staff.json.
func servePages(t *testing.T, more ...string) *pageServer {
	t.Helper()
	dir := t.TempDir()
	env := pageSettings(dir, more...)
	importStaff(t, dir, env)
	return &pageServer{server: serving(t, dir, env), dir: dir, env: env}
}

// A pageState is a page in one of its states, and how a person gets there.
type pageState struct {
	name    string
	heading string
	reach   func(*tab)
}

func signInAsHana(b *tab) {
	b.visit("/accounts/login/?next=/accounts/sessions/")
	b.submit(submitButton, "username", hana, "password", hanaPassword)
}

var pageStates = []pageState{
	{"home", "What would you like to do?", func(b *tab) { b.visit("/") }},
	{"sign in", "Sign in", func(b *tab) { b.visit("/accounts/login/") }},
	{"sign in nothing", "Sign in", func(b *tab) { b.visit("/accounts/login/"); b.submit(submitButton) }},
	{"sign in wrong", "Sign in", func(b *tab) {
		b.visit("/accounts/login/")
		b.submit(submitButton, "username", stranger(b), "password", "kea open every bin")
	}},
	{"sign in already", "Sign in", func(b *tab) { signInAsHana(b); b.visit("/accounts/login/") }},
	{"change", "Change your password", func(b *tab) { b.visit("/accounts/password_change/") }},
	{"change due", "Change your password", func(b *tab) {
		b.visit("/accounts/login/")
		b.submit(submitButton, "username", carla, "password", firstDay)
	}},
	{"change signed in", "Change your password", func(b *tab) { signInAsHana(b); b.visit("/accounts/password_change/") }},
	{"change wrong", "Change your password", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit(submitButton, "username", stranger(b), "old_password", "kea open every bin", "new_password", chosen, "new_password_again", chosen)
	}},
	{"change too short", "Change your password", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit(submitButton, "username", hana, "old_password", hanaPassword, "new_password", "short", "new_password_again", "short")
	}},
	{"change nothing", "Change your password", func(b *tab) { b.visit("/accounts/password_change/"); b.submit(submitButton) }},
	{"change done", "Your password is changed", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit(submitButton, "username", newcomer(b), "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
	}},
	{"sessions", "Your devices", signInAsHana},
	{"sessions ended", "Your devices", func(b *tab) { signInAsHana(b); b.submit("button[name=others]") }},
	{"signed out", "Sign in", func(b *tab) { signInAsHana(b); b.submit("button[name=sign_out]") }},
	{"too many", "Sign in", func(b *tab) {
		for address := stranger(b); b.text(".problem li") != "There were too many wrong passwords. Try again in 15 min."; {
			b.visit("/accounts/login/")
			b.submit(submitButton, "username", address, "password", "kea open every bin")
		}
	}},
	{"ask for a link", "Forgotten your password?", func(b *tab) { b.visit("/accounts/password_reset/") }},
	{"ask for a link nothing", "Forgotten your password?", func(b *tab) { b.visit("/accounts/password_reset/"); b.submit(submitButton) }},
	{"ask for a link done", "Look into your mail", func(b *tab) {
		b.visit("/accounts/password_reset/")
		b.submit(submitButton, "email", "nobody@shop.test")
	}},
	{"link", "Choose a new password", func(b *tab) { b.visit("/accounts/password_reset/confirm/?uid=x&token=x") }},
	{"link wrong", "Choose a new password", func(b *tab) {
		b.visit("/accounts/password_reset/confirm/?uid=x&token=x")
		b.submit(submitButton, "new_password", "one", "new_password_again", "another")
	}},
	{"link gone", "This link does not work any more", func(b *tab) {
		b.visit("/accounts/password_reset/confirm/?uid=x&token=x")
		b.submit(submitButton, "new_password", chosen, "new_password_again", chosen)
	}},
	{"no such page", "There is no such page", func(b *tab) { b.visit("/accounts/nothing/") }},
	{"not from there", "Not from there", func(b *tab) {
		b.do(chromedp.Navigate("about:blank"))
		evaluate[string](b, "document.body.innerHTML = "+jsText("<form method=post action='"+b.origin+"/accounts/login/'><button>Send</button></form>"))
		b.submit("button")
	}},
	{"too much", "That was too much", func(b *tab) {
		b.visit("/accounts/login/")
		evaluate[string](b, "document.getElementById('password').value = 'x'.repeat(1 << 16)")
		b.submit(submitButton)
	}},
}

// lameStates are those of a service that announces a due change only, and that cannot read its
// list of breached passwords.
var lameStates = []pageState{
	{"change announced", "Change your password", func(b *tab) {
		b.visit("/accounts/login/")
		b.submit(submitButton, "username", carla, "password", firstDay)
	}},
	{"not just now", "Not just now", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit(submitButton, "username", carla, "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
	}},
	{"link not just now", "Choose a new password", func(b *tab) {
		b.visit(resetLink(b, carla))
		b.submit(submitButton, "new_password", chosen, "new_password_again", chosen)
		if got := b.text(".problem li"); !strings.Contains(got, "cannot do this right now") {
			b.t.Errorf("the page says %q", got)
		}
	}},
}

// serveLamely serves the states that take a service like that.
func serveLamely(t *testing.T) *pageServer {
	t.Helper()
	ranges := t.TempDir() // of which one alone is there
	if err := os.WriteFile(filepath.Join(ranges, "00000.txt"), []byte(strings.Repeat("0", 35)+":1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return servePages(t, "GATEHOUSE_PUBLIC_URL=http://127.0.0.1:1", "PASSWORD_RESET_ENFORCEMENT=warn", "PASSWORD_BREACHED_FILE="+ranges)
}

// newcomer makes an account, and returns its address.
func newcomer(b *tab) string {
	b.t.Helper()
	b.server.newcomers++
	address := fmt.Sprintf("kiri%d@shop.test", b.server.newcomers)
	for _, command := range [][]string{{"staff", "add", address, "--first-name", "Kiri", "--last-name", "New"}, {"staff", "set-password", address}} {
		if _, stderr, status := runProgram(b.t, b.server.dir, b.server.env, firstDay, command...); status != 0 {
			b.t.Fatalf("%v: exit status %d: %s", command, status, stderr)
		}
	}
	return address
}

// stranger is an address that nobody has, and for which no password has been tried.
func stranger(b *tab) string {
	b.server.strangers++
	return fmt.Sprintf("tama%d@shop.test", b.server.strangers)
}

// Every page in every state, on every screen, with and without scripts: nothing that axe-core
// finds, nothing that is too wide or too small, no error, and no request to anybody else.
func TestEveryPageInABrowser(t *testing.T) {
	axe := readAxe(t)
	whole, lame := servePages(t), serveLamely(t)
	browser := chromium(t)
	looked, heaviest := 0, 0.0
	look := func(s *pageServer, p pageState, screen screen) {
		t.Run(p.name+" "+screen.String(), func(t *testing.T) {
			b := openTab(t, browser, s, screen)
			p.reach(b)
			b.mustSay(p.heading)
			if screen.scripts {
				heaviest = max(heaviest, b.loaded())
			}
			for _, scheme := range schemes {
				b.prefer(scheme)
				if screen.scripts {
					b.photograph(p.name + " " + screen.String() + " " + scheme)
				}
				b.mustBeGood(axe, screen)
				looked++
			}
		})
	}
	for _, screen := range screens() {
		for _, p := range pageStates {
			look(whole, p, screen)
		}
		for _, p := range lameStates {
			look(lame, p, screen)
		}
	}
	t.Logf("%d pages and states on %d screens, in light and dark: looked at %d times; the heaviest is %.1f KB with all that it loads",
		len(pageStates)+len(lameStates), len(screens()), looked, heaviest/1000)
	if heaviest < 1_000 || heaviest > 30_000 {
		t.Errorf("the heaviest page is %.0f bytes, want 30000 at most", heaviest)
	}
}
