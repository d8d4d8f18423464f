package acceptance

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	resetPath   = "/accounts/api/password/reset/"
	confirmPath = "/accounts/api/password/reset/confirm/"
	freshOne    = "ten copper elbows now"
)

// Attacks on one-time links. The subtests have the ids of the list in cmd/dev/attack.
func TestResetAttacks(t *testing.T) {
	t.Parallel()
	for id, attack := range map[string]func(*testing.T){
		"I01": guessedLinks, "I02": linksUsedTwice, "I03": oldLinks, "I04": foreignLinks, "I07": floodOfResets, "K05": floodFromManyNetworks,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			attack(t)
		})
	}
}

// A postedShop is a shop whose letters can be read.
type postedShop struct {
	*shopServer
	mail *mailServer
	read map[string]int // letters, by address
}

func newPostedShop(t *testing.T, set ...string) *postedShop {
	t.Helper()
	mail, err := startMailServer(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mail.End(os.Kill) })
	set = append(append([]string{"GATEHOUSE_PUBLIC_URL=https://gate.test"}, mail.settings()...), set...)
	return &postedShop{newShop(t, set...), mail, map[string]int{}}
}

func askFor(email string, headers ...string) string {
	return wirePost(resetPath, `{"email":`+quoted(email)+`}`, headers...)
}

func confirmWith(link [2]string, password string) string {
	return wirePost(confirmPath, `{"uid":`+quoted(link[0])+`,"token":`+quoted(link[1])+`,"new_password":`+quoted(password)+`}`)
}

// link asks for one and reads it in the letter: the person and the token.
func (s *postedShop) link(t *testing.T, email string) [2]string {
	t.Helper()
	return s.linkBy(t, email, askFor(email))
}

func (s *postedShop) linkBy(t *testing.T, email, request string) [2]string {
	t.Helper()
	if got := s.ask(t, request); got.status != 200 {
		t.Fatalf("asking for a link: %v", got)
	}
	s.read[email]++
	text := s.letter(t, email, s.read[email])
	found := linkInText.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no link in %s", text)
	}
	return [2]string{found[1], found[2]}
}

// letter is the n-th to the address.
func (s *postedShop) letter(t *testing.T, email string, n int) string {
	t.Helper()
	to, err := s.mail.awaitLetters(email, n)
	if err != nil {
		t.Fatalf("waiting for a letter: %v\n%s", err, s.Stderr)
	}
	_, text, err := plainText(to[n-1].Text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// printed is a link that an operator hands over: it is not counted.
func (s *postedShop) printed(t *testing.T, email string) [2]string {
	t.Helper()
	found := linkInText.FindStringSubmatch(s.operator(t, "staff", "reset-link", email))
	if found == nil {
		t.Fatal("no link is printed")
	}
	return [2]string{found[1], found[2]}
}

const linkGone = `{"detail":"This link is not valid any more. Ask for a new one.","code":"link_not_valid"}`

// mustBeGone checks that a link is refused in the one way.
func (s *postedShop) mustBeGone(t *testing.T, what string, link [2]string) {
	t.Helper()
	got := s.ask(t, confirmWith(link, freshOne))
	if got.status != 400 || string(got.body) != linkGone || len(got.header["Set-Cookie"]) > 0 {
		t.Errorf("%s: got %v", what, got)
	}
}

func (s *postedShop) mustOpen(t *testing.T, email, password string) {
	t.Helper()
	if got := s.ask(t, wirePost(tokenPath, credentials(email, password))); got.status != 200 {
		t.Errorf("%s cannot sign in: %v", email, got)
	}
}

func guessedLinks(t *testing.T) {
	s := newPostedShop(t, "GATEHOUSE_THROTTLE_NETWORK_BUDGET=40")
	link := s.link(t, hana)
	token := link[1]
	for what, guess := range map[string]string{
		"random": strings.Repeat("A", 43), "a prefix": token[:42], "another end": token[:42] + "!", "other case": strings.ToUpper(token),
		"a wildcard": "%", "another wildcard": strings.Repeat("_", 43), "SQL": "' OR 1=1 --", "with padding": token + "=", "doubled": token + token,
	} {
		s.mustBeGone(t, what, [2]string{link[0], guess})
	}
	if got := s.ask(t, confirmWith([2]string{link[0], ""}, freshOne)); got.status != 400 {
		t.Errorf("empty: got %v", got)
	}
	var throttled int
	for range 60 {
		got := s.ask(t, confirmWith([2]string{link[0], strings.Repeat("B", 43)}, freshOne))
		if got.status == 429 && got.header.Get("Retry-After") != "" {
			throttled++
		}
	}
	if throttled < 20 {
		t.Errorf("%d of 60 more are told to wait", throttled)
	}
	s.mustOpen(t, hana, hanaPassword)
	if got := s.ask(t, confirmWith(link, freshOne)); got.status != 200 {
		t.Errorf("the good link is held back: %v", got)
	}
}

func linksUsedTwice(t *testing.T) {
	s := newPostedShop(t)
	link := s.link(t, hana)
	var mu sync.Mutex
	statuses := map[int]int{}
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			got := s.ask(t, confirmWith(link, fmt.Sprintf("%s, the %dth", freshOne, n)))
			mu.Lock()
			statuses[got.status]++
			mu.Unlock()
		})
	}
	all.Wait()
	if statuses[200] != 1 || statuses[200]+statuses[400]+statuses[503] != 20 {
		t.Errorf("20 at once are answered %v, want one 200", statuses)
	}
	s.mustBeGone(t, "once more", link)
	if out := s.operator(t, "audit", "list", "--kind", "password_reset", "--outcome", "success", "--json"); strings.Count(out, `"password_reset"`) != 1 {
		t.Errorf("the trail has %s", out)
	}
}

func oldLinks(t *testing.T) {
	for what, spoil := range map[string]func(*postedShop){
		"a newer link": func(s *postedShop) { s.printed(t, hana) },
		"the password changed": func(s *postedShop) {
			s.ask(t, wirePost(changePath, `{"username":"hana@shop.test","old_password":`+quoted(hanaPassword)+`,"new_password":"eleven copper elbows"}`))
		},
		"deactivated": func(s *postedShop) { s.operator(t, "staff", "deactivate", hana) },
		"deactivated and back": func(s *postedShop) {
			s.operator(t, "staff", "deactivate", hana)
			s.operator(t, "staff", "activate", hana)
		},
		"signed out everywhere": func(s *postedShop) { s.operator(t, "staff", "revoke-sessions", hana) },
		"deleted":               func(s *postedShop) { s.operator(t, "staff", "delete", "--yes", hana) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newPostedShop(t)
			link := s.link(t, hana)
			spoil(s)
			s.mustBeGone(t, what, link)
		})
	}
}

func foreignLinks(t *testing.T) {
	s := newPostedShop(t)
	poisoned := askFor(hana, "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: gopher", "Forwarded: host=evil.test")
	link := s.linkBy(t, hana, strings.Replace(poisoned, wireHost, "Host: evil.test", 1))
	if text := s.letter(t, hana, 1); !strings.Contains(text, "\nhttps://gate.test/accounts/password_reset/confirm/?uid=") || strings.Contains(text, "evil") {
		t.Errorf("the letter is\n%s", text)
	}
	const freya = "0b5c1e00-0000-4000-8000-000000000006"
	s.mustBeGone(t, "another person's", [2]string{freya, link[1]})
	s.mustBeGone(t, "nobody's", [2]string{"0b5c1e00-0000-4000-8000-0000000000ff", link[1]})
	s.mustBeGone(t, "an address for an id", [2]string{hana, link[1]})
	first := s.ask(t, askFor("nobody@shop.test"))
	for _, email := range []string{hana, "bruno@shop.test", "henrik@shop.test", "judit@shop.test", "x@y.test"} {
		got := s.ask(t, askFor(email))
		if got.status != 200 || !bytes.Equal(got.body, first.body) || !reflect.DeepEqual(withoutIDs(got.header), withoutIDs(first.header)) {
			t.Errorf("%s: got %v %v, want %v %v", email, got, got.header, first, first.header)
		}
	}
	if got := s.ask(t, confirmWith(link, freshOne)); got.status != 200 {
		t.Errorf("her own link: %v", got)
	}
	s.mustOpen(t, hana, freshOne)
}

// floodOfResets asks a thousand times for one person and for a thousand. What is left to do
// then is done in time.
func floodOfResets(t *testing.T) {
	s := newPostedShop(t, "GATEHOUSE_THROTTLE=off")
	took := map[string][]time.Duration{}
	for n := range 500 {
		for who, email := range map[string]string{"known": hana, "unknown": fmt.Sprintf("nobody%d@shop.test", n)} {
			start := time.Now()
			if got := s.ask(t, askFor(email)); got.status != http.StatusOK {
				t.Fatalf("%s: got %v", email, got)
			}
			took[who] = append(took[who], time.Since(start))
		}
	}
	for _, all := range took {
		slices.Sort(all)
	}
	t.Logf("the median of 500 requests is %v for one person and %v for nobodies", took["known"][250], took["unknown"][250])
	s.letter(t, hana, 1)
	s.ask(t, wirePost(changePath, `{"username":"hana@shop.test","old_password":`+quoted(hanaPassword)+`,"new_password":"eleven copper elbows"}`))
	s.letter(t, hana, 2)
	if got := s.mail.kept(); got > 7 {
		t.Errorf("%d letters were sent, want the one a minute and the notice", got)
	}
	if out := s.operator(t, "audit", "list", "--kind", "password_reset_request", "--limit", "0", "--json"); strings.Count(out, `"too_many_mails"`) < 490 {
		t.Errorf("the trail tells of %d surplus requests", strings.Count(out, `"too_many_mails"`))
	}
}

// floodFromManyNetworks asks for links that nobody will read from 500 networks of one /48. They
// have the budget of four, and staff still get their letters.
func floodFromManyNetworks(t *testing.T) {
	s := newPostedShop(t, "GATEHOUSE_TRUSTED_PROXIES=127.0.0.1", "GATEHOUSE_THROTTLE_NETWORK_BUDGET=30")
	from := func(address string) string { return "X-Forwarded-For: " + address }
	answered := map[int]int{}
	for n := range 500 {
		request := askFor(fmt.Sprintf("nobody%d@shop.test", n), from(fmt.Sprintf("2001:db8:7:%x::1", n)))
		answered[s.ask(t, request).status]++
	}
	if answered[200] != 120 || answered[429] != 380 {
		t.Errorf("answered %v, want 200 for 120 and 429 for the others", answered)
	}
	s.linkBy(t, hana, askFor(hana, from("2001:db8:8::1")))
	if out := s.operator(t, "audit", "list", "--kind", "password_reset_request", "--limit", "0", "--json"); strings.Count(out, `"sequence"`) > 130 {
		t.Errorf("there are %d events, want one for each letter and few for the refusals", strings.Count(out, `"sequence"`))
	}
}
