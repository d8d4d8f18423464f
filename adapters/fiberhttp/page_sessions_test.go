package fiberhttp_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

const toSignIn = "/accounts/login/?next=%2Faccounts%2Fsessions%2F"

func press(button, value string, headers ...string) request {
	return fill(devicePath, button, value).and(headers...)
}

// checkLeads checks that the answer leads on.
func checkLeads(t *testing.T, a answer, to string, cookies ...string) {
	t.Helper()
	check(t, a, 303, "", cookies...)
	if got := a.header.Get("Location"); got != to {
		t.Errorf("it leads to %q, want %q", got, to)
	}
}

var deviceOfPage = regexp.MustCompile(`(?s)<h2>(.*?)</h2>.*?<dd><time datetime="(.*?)">(.*?)</time></dd>.*?<button name="(\w+)" value="(\w+)"`)

func TestTheSessionsPage(t *testing.T) {
	s := open(t, cookieMode, func(s *shop) { s.config.Pages.TimeZone = s.policy.TimeZone })
	s.signIn(1)
	s.signIn(2)
	s.clock.Advance(time.Hour)
	s.send(signInAs(address(1), password, firefox).by("2001:db8::7"))
	access, _ := s.signIn(1)
	a := s.send(get(devicePath, accessCookie(access)))
	checkPage(t, a, 200, "Your devices")
	var got []string
	for _, found := range deviceOfPage.FindAllStringSubmatch(a.body, -1) {
		got = append(got, strings.Join(found[1:], " "))
	}
	const want = `Unknown device <span class="badge">This device</span> 2026-03-02T13:00:00Z 3 Mar 2026, 02:00 sign_out here|` +
		`Firefox on Linux 2026-03-02T13:00:00Z 3 Mar 2026, 02:00 end ` + thirdID + `|` +
		`Unknown device 2026-03-02T12:00:00Z 3 Mar 2026, 01:00 end ` + firstID
	if text := strings.Join(got, "|"); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	for _, want := range []string{address(1), "2001:db8::7", `<button name="others" value="all">`, `: Firefox on Linux, last used 3 Mar 2026, 02:00</span>`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if strings.Contains(a.body, secondID) || strings.Contains(a.body, access) {
		t.Errorf("the page has what is nobody's business:\n%s", a.body)
	}
}

func TestEndingSessionsOnThePage(t *testing.T) {
	s := open(t, cookieMode)
	mine, _ := s.signIn(1)
	other, _ := s.signIn(1)
	another, _ := s.signIn(1)
	theirs, _ := s.signIn(2)
	const fourthID = "00000000000000000000000000000004"
	for _, id := range []string{fourthID, "x", "", "'--", secondID + "0"} { // not one's own, or none
		checkLeads(t, s.send(press("end", id, accessCookie(mine))), devicePath+"?done=ended")
	}
	s.mustWork(theirs, true)
	s.mustWork(other, true)
	checkLeads(t, s.send(press("end", secondID, accessCookie(mine))), devicePath+"?done=ended")
	s.mustWork(other, false)
	s.mustWork(another, true)
	checkLeads(t, s.send(press("others", "all", accessCookie(mine))), devicePath+"?done=others_ended")
	s.mustWork(another, false)
	s.mustWork(mine, true)
	for done, says := range map[string]string{"ended": "The device is signed out.", "others_ended": "The other devices are signed out.", "evil": ""} {
		a := s.send(get(devicePath+"?done="+done, accessCookie(mine)))
		if has := strings.Contains(a.body, `<p class="status" role="status">`+says+`</p>`); has != (says != "") || strings.Contains(a.body, "evil") {
			t.Errorf("done=%s: %s", done, a.body)
		}
	}
	checkLeads(t, s.send(press("nothing", "x", accessCookie(mine))), devicePath)
	s.mustWork(mine, true)
	checkLeads(t, s.send(press("end", firstID, accessCookie(mine))), "/accounts/login/?done=signed_out", deletesAccess, deletesRefresh)
	s.mustWork(mine, false)
	s.mustWork(theirs, true)
}

func TestSigningOutOnThePage(t *testing.T) {
	s := open(t, cookieMode)
	mine, refresh := s.signIn(1)
	other, _ := s.signIn(1)
	checkLeads(t, s.send(press("sign_out", "here", "Cookie: access_token="+mine+"; refresh_token="+refresh)),
		"/accounts/login/?done=signed_out", deletesAccess, deletesRefresh)
	s.mustWork(mine, false)
	s.mustWork(other, true)
	a := s.send(get("/accounts/login/?done=signed_out"))
	checkPage(t, a, 200, "Sign in")
	if !strings.Contains(a.body, `<p class="status" role="status">You are signed out.</p>`) {
		t.Errorf("got %s", a.body)
	}
}

// An access token lasts for minutes; whoever looks at the page later is still signed in.
func TestTheSessionsPageRenews(t *testing.T) {
	s := open(t, cookieMode, rotating(domain.RotateCookies))
	access, refresh := s.signIn(1)
	both := "Cookie: access_token=" + access + "; refresh_token=" + refresh
	s.clock.Advance(time.Hour)
	a := s.send(get(devicePath, both))
	checkPage(t, a, 200, "Your devices")
	if len(a.cookies) != 1 || !strings.HasPrefix(a.cookies[0], "access_token=access.") {
		t.Errorf("cookies %q", a.cookies)
	}
	checkLeads(t, s.send(press("sign_out", "here", both)), "/accounts/login/?done=signed_out", deletesAccess, deletesRefresh)
}

// Looking at a page reads a token once: that is a signature and a look into the database. The one that
// is over is read again before another is given: it tells whose browser it is.
func TestPagesReadEachTokenOnce(t *testing.T) {
	for _, path := range []string{devicePath, signInPath, pagePath} {
		s := open(t, cookieMode)
		access, refresh := s.signIn(1)
		both := "Cookie: access_token=" + access + "; refresh_token=" + refresh
		for _, tokens := range []int{1, 3} { // in time; and later the old ones and a new one
			reads := s.readsOf(func() { mustShow(t, s.send(get(path, both)), address(1)) })
			for token, n := range reads {
				want := 1
				if token == access && tokens == 3 {
					want = 2
				}
				if n != want {
					t.Errorf("%s reads %s %d times, want %d", path, token, n, want)
				}
			}
			if len(reads) != tokens {
				t.Errorf("%s reads %v, want %d tokens", path, reads, tokens)
			}
			s.clock.Advance(time.Hour)
		}
	}
}

func mustShow(t *testing.T, a answer, text string) {
	t.Helper()
	if a.status != 200 || !strings.Contains(a.body, text) {
		t.Errorf("%d without %q:\n%s", a.status, text, a.body)
	}
}

// Whoever is not signed in is asked to, and comes back.
func TestTheSessionsPageIsForItsOwner(t *testing.T) {
	s := open(t, cookieMode, allowing(friend))
	mine, refresh := s.signIn(1)
	stale, _ := s.signIn(2)
	s.remove(2)
	requests := []request{get(devicePath), press("end", firstID), press("others", "all"), press("sign_out", "here")}
	for _, r := range requests {
		for _, header := range []string{"X: y", bearer(mine), accessCookie("garbage"), accessCookie(stale), accessCookie(refresh), refreshCookie(mine), accessCookie("")} {
			checkLeads(t, s.send(r.and(header)), toSignIn)
		}
		checkPage(t, s.send(r.and("Cookie: access_token=a; access_token=b", browserAccepts)), 400, "That did not arrive well")
	}
	for from, origin := range origins {
		if origin.welcome {
			continue
		}
		for _, r := range requests[1:] {
			r.headers = []string{formType, browserAccepts}
			checkPage(t, s.send(r.and(origin.lines...).and(accessCookie(mine))), 403, "Not from there")
			if t.Failed() {
				t.Fatal(from)
			}
		}
	}
	s.mustWork(mine, true)
	s.broken.Store(true)
	for _, r := range requests {
		checkPage(t, s.send(r.and(accessCookie(mine), browserAccepts)), 503, "Not just now")
	}
}

// Whoever has to change the password first is led to where that is done, which knows who it
// is and says why.
func TestADueChangeIsToldOnThePages(t *testing.T) {
	s := open(t, cookieMode)
	access, _ := s.signIn(1)
	s.save(person(1, resetDue))
	checkLeads(t, s.send(get(devicePath, accessCookie(access))), "/accounts/password_change/")
	a := s.send(get(pagePath, accessCookie(access)))
	checkPage(t, a, 200, "Change your password")
	for _, part := range []string{`value="Person1@example.test"`, "has to be changed before you can go on"} {
		if !strings.Contains(a.body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}
