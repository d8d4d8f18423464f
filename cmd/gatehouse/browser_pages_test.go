//go:build system

package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
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
		"SHOP_NAME=Tui & Daughters", "TIME_ZONE=Pacific/Auckland", "GATEHOUSE_THROTTLE=off",
	}, more...)...)
}

// A pageServer is a service, and how commands find its database.
type pageServer struct {
	*server
	dir string
	env []string
}

// servePages serves the people of testdata/staff.json.
func servePages(t *testing.T, more ...string) *pageServer {
	t.Helper()
	dir := t.TempDir()
	env := pageSettings(dir, more...)
	importStaff(t, dir, env)
	return &pageServer{serving(t, dir, env), dir, env}
}

// A place is a page in one of its states, and how a person gets there.
type place struct {
	name    string
	heading string
	reach   func(*tab)
}

func signInAsHana(b *tab) {
	b.visit("/accounts/login/?next=/accounts/sessions/")
	b.submit("main button[type=submit]", "username", hana, "password", hanaPassword)
}

var places = []place{
	{"sign in", "Sign in", func(b *tab) { b.visit("/accounts/login/") }},
	{"sign in nothing", "Sign in", func(b *tab) { b.visit("/accounts/login/"); b.submit("main button[type=submit]") }},
	{"sign in wrong", "Sign in", func(b *tab) {
		b.visit("/accounts/login/")
		b.submit("main button[type=submit]", "username", hana, "password", "kea open every bin")
	}},
	{"sign in already", "Sign in", func(b *tab) { signInAsHana(b); b.visit("/accounts/login/") }},
	{"change", "Change your password", func(b *tab) { b.visit("/accounts/password_change/") }},
	{"change due", "Change your password", func(b *tab) {
		b.visit("/accounts/login/")
		b.submit("main button[type=submit]", "username", carla, "password", firstDay)
	}},
	{"change signed in", "Change your password", func(b *tab) { signInAsHana(b); b.visit("/accounts/password_change/") }},
	{"change wrong", "Change your password", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit("main button[type=submit]", "username", hana, "old_password", "kea open every bin", "new_password", chosen, "new_password_again", chosen)
	}},
	{"change too short", "Change your password", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit("main button[type=submit]", "username", hana, "old_password", hanaPassword, "new_password", "short", "new_password_again", "short")
	}},
	{"change nothing", "Change your password", func(b *tab) { b.visit("/accounts/password_change/"); b.submit("main button[type=submit]") }},
	{"change done", "Your password is changed", func(b *tab) {
		b.visit("/accounts/password_change/")
		b.submit("main button[type=submit]", "username", newcomer(b), "old_password", firstDay, "new_password", chosen, "new_password_again", chosen)
	}},
	{"sessions", "Your devices", signInAsHana},
	{"sessions ended", "Your devices", func(b *tab) { signInAsHana(b); b.submit("button[name=others]") }},
	{"signed out", "Sign in", func(b *tab) { signInAsHana(b); b.submit("button[name=sign_out]") }},
	{"no such page", "There is no such page", func(b *tab) { b.visit("/accounts/nothing/") }},
}

// newcomer makes an account, and returns its address.
func newcomer(b *tab) string {
	b.t.Helper()
	address := strings.ToLower(strings.Map(onlyLetters, b.t.Name())) + "@shop.test"
	for _, command := range [][]string{{"staff", "add", address, "--first-name", "New", "--last-name", "Comer"}, {"staff", "set-password", address}} {
		if _, stderr, status := runProgram(b.t, b.server.dir, b.server.env, firstDay, command...); status != 0 {
			b.t.Fatalf("%v: exit status %d: %s", command, status, stderr)
		}
	}
	return address
}

func onlyLetters(r rune) rune {
	if r|0x20 >= 'a' && r|0x20 <= 'z' {
		return r
	}
	return -1
}

// Every page in every state, on every screen, with and without scripts: nothing that axe-core
// finds, nothing that is too wide or too small, no error, and no request to anybody else.
func TestEveryPageOnEveryScreen(t *testing.T) {
	axe := readAxe(t)
	s := servePages(t)
	browser := chromium(t)
	walked, heaviest := 0, 0.0
	for _, p := range places {
		for _, screen := range screens() {
			t.Run(p.name+" "+screen.String(), func(t *testing.T) {
				b := openTab(t, browser, s, screen)
				p.reach(b)
				b.mustSay(p.heading)
				if screen.scripts {
					b.photograph(p.name + " " + screen.String())
				}
				b.mustBeGood(axe, screen)
				walked++
			})
		}
		heaviest = max(heaviest, weigh(t, browser, s, p))
	}
	t.Logf("%d pages and states on %d screens: %d looked at; the heaviest is %.1f KB with all that it loads",
		len(places), len(screens()), walked, heaviest/1000)
	if most := 30_000.0; heaviest > most {
		t.Errorf("the heaviest page is %.0f bytes, want %.0f at most", heaviest, most)
	}
}

// weigh opens the page in a browser that has nothing of it yet, and returns the bytes of all
// that came last: the page, its style and its script.
func weigh(t *testing.T, browser context.Context, s *pageServer, p place) float64 {
	t.Helper()
	b := openTab(t, browser, s, phone)
	p.reach(b)
	return b.loaded()
}
