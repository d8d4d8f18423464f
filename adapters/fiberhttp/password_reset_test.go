package fiberhttp_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const (
	resetPath   = "/accounts/api/password/reset/"
	confirmPath = "/accounts/api/password/reset/confirm/"
	onItsWay    = `{"detail":"If that address belongs to an account, a message with a link is on its way."}`
	linkGone    = `{"detail":"This link is not valid any more. Ask for a new one.","code":"link_not_valid"}`
	resetDone   = `{"detail":"Password changed. Sign in with the new one."}`
)

func emailOf(email string) string { return `{"email":` + quoted(email) + `}` }

func linkOf(uid, token, password string) string {
	return `{"uid":` + quoted(uid) + `,"token":` + quoted(token) + `,"new_password":` + quoted(password) + `}`
}

func uid(n int) string { return string(porttest.Person(n).ID) }

// tokenInLetter is what the newest letter to the n-th person has in its link.
func (s *shop) tokenInLetter(n int) (token string) {
	s.t.Helper()
	err := s.store.View(context.Background(), func(r ports.Records) error {
		letters, err := r.Outbox().Due(s.clock.Now().Add(time.Hour), 100)
		for _, letter := range letters {
			if letter.Account == domain.AccountKey(uid(n)) && letter.Kind.HasLink() {
				opened, err := outboxKey.Open(letter.ID, letter.Sealed)
				if err != nil {
					return err
				}
				token = opened.Reveal()
			}
		}
		return err
	})
	if err != nil || token == "" {
		s.t.Fatalf("there is no letter with a link: %v", err)
	}
	return token
}

func withoutIDs(header http.Header) http.Header {
	rest := maps.Clone(header)
	delete(rest, "X-Request-Id")
	delete(rest, "Date")
	return rest
}

// Every address is answered alike, to the header, with mail and without, and also when there
// were too many requests for it.
func TestAskingForALink(t *testing.T) {
	for name, change := range map[string]option{
		"mail": func(*shop) {}, "no mail": func(s *shop) { s.policy.Links.Mail = false }, "cookies": cookieMode,
	} {
		s := open(t, change, people(person(1), person(2, inactive), person(3, left), person(4, unusable), person(5, resetDue)))
		first := s.send(post(resetPath, emailOf(address(1))))
		want := onItsWay
		if name == "no mail" {
			want = `{"detail":"Links are not sent by e-mail here. Ask an administrator of the shop for one."}`
		}
		check(t, first, 200, want)
		for _, email := range []string{address(1), "PERSON1@EXAMPLE.TEST", " " + address(1), address(2), address(3), address(4), address(5), "nobody@example.test", "x", "a\r\nBcc: b@example.test"} {
			got := s.send(post(resetPath, emailOf(email)))
			if got.status != 200 || got.body != first.body || !reflect.DeepEqual(withoutIDs(got.header), withoutIDs(first.header)) {
				t.Errorf("%s: %q is answered %d %s %v, want as the first: %v", name, email, got.status, got.body, got.header, first.header)
			}
		}
	}
}

func TestAskingForALinkWithoutAnAddress(t *testing.T) {
	s := open(t)
	for body, want := range map[string]string{
		`{}`:                              `{"email":["This field is required."]}`,
		`{"email":null}`:                  `{"email":["This field may not be null."]}`,
		`{"email":" "}`:                   `{"email":["This field may not be blank."]}`,
		`{"email":["a@b.test"]}`:          `{"email":["Not a valid string."]}`,
		`{"email":true}`:                  `{"email":["Not a valid string."]}`,
		`{"Email":"a@example.test"}`:      `{"email":["This field is required."]}`,
		emailOf(strings.Repeat("x", 255)): `{"email":["Ensure this field has no more than 254 characters."]}`,
	} {
		check(t, s.send(post(resetPath, body)), 400, want)
	}
}

func TestAskingForTooManyLinks(t *testing.T) {
	s := open(t, func(s *shop) { s.policy.Throttle.NetworkBudget = 3 })
	for _, email := range []string{address(1), "nobody@example.test", "x@example.test"} {
		check(t, s.send(post(resetPath, emailOf(email))), 200, onItsWay)
	}
	for _, email := range []string{address(1), address(2), "nobody@example.test"} {
		a := s.send(post(resetPath, emailOf(email)))
		check(t, a, 429, `{"detail":"Request was throttled. Expected available in 900 seconds.","code":"throttled"}`)
		if a.header.Get("Retry-After") != "900" {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
	}
	check(t, s.send(post(resetPath, emailOf(address(1))).by("198.51.100.7")), 200, onItsWay)
}

// Where letters cannot be sent for long, nobody is told that one is on its way: every address
// gets the same answer, and the log a line a minute.
func TestAskingForALinkWhenTheOutboxIsFull(t *testing.T) {
	s := open(t, byMail, people(person(1), person(2, inactive)))
	err := s.store.Update(t.Context(), func(r ports.Records) error {
		for n := range domain.MaxOutbox {
			id := domain.MailID(fmt.Sprintf("waiting%d", n))
			if err := r.Outbox().Save(domain.NewNotice(id, domain.MailResetLink, "waiting", s.clock.Now())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	first := s.send(post(resetPath, emailOf(address(1))))
	check(t, first, 503, fullOutbox)
	for _, email := range []string{address(2), "nobody@example.test"} {
		got := s.send(post(resetPath, emailOf(email)))
		if got.status != 503 || got.body != first.body || !reflect.DeepEqual(withoutIDs(got.header), withoutIDs(first.header)) {
			t.Errorf("%q is answered %d %s %v, want as the first: %v", email, got.status, got.body, got.header, first.header)
		}
		checkPage(t, s.send(fill(askPath, "email", email)), 503, "Not just now")
	}
	s.clock.Advance(time.Minute)
	s.send(post(resetPath, emailOf(address(1))))
	lines := s.logged.FilterMessageSnippet("the outbox is full").All()
	if len(lines) != 2 || lines[0].Level != zap.WarnLevel || lines[1].ContextMap()["times"] != int64(5) {
		t.Errorf("logged %s", s.logText())
	}
}

// What is asked for and guessed on the pages counts for the network it comes from.
func TestLinksOnThePagesAreCounted(t *testing.T) {
	for name, spend := range map[string]request{
		"asking":     fill(askPath, "email", "nobody@example.test"),
		"wrong link": choose(newPassPath+"?uid=x&token=x", newPassword, newPassword),
	} {
		s := open(t, byMail, func(s *shop) { s.policy.Throttle.NetworkBudget = 3 })
		for range 3 {
			s.send(spend)
		}
		if a := s.send(spend); a.status != 429 || a.header.Get("Retry-After") != "900" {
			t.Errorf("%s: the page is answered %d, Retry-After %q", name, a.status, a.header.Get("Retry-After"))
		}
		if a := s.send(post(resetPath, emailOf(address(1)))); a.status != 429 {
			t.Errorf("%s: the same network is answered %d, want 429", name, a.status)
		}
		check(t, s.send(post(resetPath, emailOf(address(1))).by("198.51.100.7")), 200, onItsWay)
	}
}

func TestSettingAPasswordWithALink(t *testing.T) {
	for mode, change := range modes {
		t.Run(mode, func(t *testing.T) {
			s := open(t, change)
			access, _ := s.signIn(1)
			check(t, s.send(post(resetPath, emailOf(address(1)))), 200, onItsWay)
			token := s.tokenInLetter(1)
			check(t, s.send(post(confirmPath, linkOf(uid(1), token, "short"))), 400,
				`{"new_password":["This password is too short. It must contain at least 15 characters."]}`)
			s.mustWork(access, true)
			s.clock.Advance(time.Second)
			check(t, s.send(post(confirmPath, linkOf(strings.ToUpper(uid(1)), " "+token+"\n", newPassword))), 200, resetDone)
			s.mustWork(access, false)
			check(t, s.send(post(confirmPath, linkOf(uid(1), token, "another good password"))), 400, linkGone)
			if a := s.send(post(tokenPath, withPassword(address(1), newPassword))); a.status != 200 {
				t.Errorf("signing in: %d %s", a.status, a.body)
			}
			check(t, s.send(post(tokenPath, withPassword(address(1), password))), 401, `{"detail":"No active account found with the given credentials","code":"no_active_account"}`)
		})
	}
}

// Whatever is wrong with a link, the answer is the same.
func TestLinksThatAreNotValid(t *testing.T) {
	s := open(t)
	check(t, s.send(post(resetPath, emailOf(address(1)))), 200, onItsWay)
	token := s.tokenInLetter(1)
	for name, body := range map[string]string{
		"wrong": linkOf(uid(1), "wrong", newPassword), "a prefix": linkOf(uid(1), token[:len(token)-1], newPassword),
		"other case": linkOf(uid(1), strings.ToUpper(token), newPassword), "a wildcard": linkOf(uid(1), "%", newPassword),
		"of another": linkOf(uid(2), token, newPassword), "of nobody": linkOf(uid(9), token, newPassword),
		"no id": linkOf("' OR 1=1 --", token, newPassword), "with a bad password": linkOf(uid(1), "wrong", "short"),
	} {
		t.Run(name, func(t *testing.T) { check(t, s.send(post(confirmPath, body)), 400, linkGone) })
	}
	s.clock.Advance(10 * time.Minute)
	check(t, s.send(post(confirmPath, linkOf(uid(1), token, newPassword))), 400, linkGone)
	for body, want := range map[string]string{
		`{}`:                            `{"uid":["This field is required."],"token":["This field is required."],"new_password":["This field is required."]}`,
		linkOf(uid(1), "", newPassword): `{"token":["This field may not be blank."]}`,
	} {
		check(t, s.send(post(confirmPath, body)), 400, want)
	}
}

// Neither the address nor the link is in the log, wherever somebody puts them.
func TestLinksAreNotLogged(t *testing.T) {
	s := open(t)
	s.send(post(resetPath, emailOf(address(1))))
	token := s.tokenInLetter(1)
	s.send(post(confirmPath, linkOf(uid(1), token, newPassword)))
	s.send(post(confirmPath+"?uid="+uid(1)+"&token="+token, "{}"))
	s.send(get(domain.ResetPagePath + "?uid=" + uid(1) + "&token=" + token))
	s.send(get("/accounts/password_reset/confirm/" + uid(1) + "/" + token))
	for _, entry := range s.logged.All() {
		for name, value := range entry.ContextMap() {
			if text, ok := value.(string); ok && (strings.Contains(text, token) || strings.Contains(text, "person1@")) {
				t.Errorf("%s has %s = %s", entry.Message, name, text)
			}
		}
	}
}
