package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const evilOrigin = "Origin: https://evil.test"

// signingInFromElsewhere signs a victim in as the attacker, by pages that browsers let send
// such a request.
func signingInFromElsewhere(t *testing.T) {
	s := newShop(t)
	form := "Content-Type: application/x-www-form-urlencoded"
	asForm := func(headers ...string) string {
		return wirePost(tokenPath, "username=hana%40shop.test&password=nine+copper+elbows", append(headers, form)...)
	}
	for name, raw := range map[string]string{
		"fetch":                    goodSignIn(evilOrigin, "Sec-Fetch-Site: cross-site"),
		"fetch of a sibling":       goodSignIn("Origin: https://wiki.gate.test", "Sec-Fetch-Site: same-site"),
		"form":                     asForm(evilOrigin, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"),
		"form, old browser":        asForm(evilOrigin),
		"form in a sandbox":        asForm("Origin: null"),
		"multipart":                wirePost(tokenPath, "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nhana@shop.test\r\n--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nnine copper elbows\r\n--b--\r\n", evilOrigin, "Content-Type: multipart/form-data; boundary=b"),
		"refresh with their token": wirePost(refreshPath, `{"refresh":"x"}`, evilOrigin, "Sec-Fetch-Site: cross-site"),
	} {
		if got := s.ask(t, raw); got.status != http.StatusForbidden || len(got.header["Set-Cookie"]) > 0 {
			t.Errorf("%s: got %v", name, got)
		}
	}
	// A form that sends text/plain is not read at all.
	plain := wirePost(tokenPath, credentials(hana, hanaPassword), evilOrigin, "Content-Type: text/plain")
	if got := s.ask(t, plain); got.status == 200 || len(got.header["Set-Cookie"]) > 0 {
		t.Errorf("text/plain: got %v", got)
	}
}

// originsFromElsewhere look for a page that is let read answers although it is not on the
// list, or may do more than is needed.
func originsFromElsewhere(t *testing.T) {
	s := newShop(t, "CORS_ALLOWED_ORIGINS=https://app.shop.test", "GATEHOUSE_PUBLIC_URL=https://gate.shop.test")
	paths := []string{tokenPath, refreshPath, verifyPath, logoutPath, mePath, "/healthz", "/nothing"}
	for _, origin := range []string{
		"https://evil.test", "null", "https://app.shop.test.evil.test", "https://evilapp.shop.test", "http://app.shop.test", "https://app.shop.test:8443",
		"https://app.shop.test.", "https://.shop.test", "https://a.app.shop.test", "HTTPS://APP.SHOP.TEST", "https://app.shop.test@evil.test", "https://app.shop.test/", "*", "",
	} {
		for _, path := range paths {
			for _, method := range []string{"GET", "POST", "OPTIONS"} {
				raw := method + " " + path + " HTTP/1.1\r\n" + wireHost + "\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: PUT\r\nContent-Length: 0\r\n\r\n"
				for name := range s.ask(t, raw).header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%s %s from %q: there is %s", method, path, origin, name)
					}
				}
			}
		}
	}
	got := s.ask(t, "OPTIONS "+mePath+" HTTP/1.1\r\n"+wireHost+"\r\nOrigin: https://app.shop.test\r\nAccess-Control-Request-Method: PUT\r\n\r\n")
	if got.header.Get("Access-Control-Allow-Origin") != "https://app.shop.test" || got.header.Get("Vary") != "Origin" || strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "PUT") {
		t.Errorf("a friend's page is answered %v", got.header)
	}
}

// tossedCookies adds a cookie of the same name, as a page on a sibling's name can.
func tossedCookies(t *testing.T) {
	s := newShop(t)
	victim, attacker := s.asBrowser(t), s.asBrowser(t)
	for _, order := range [][2]string{{victim.refresh, attacker.refresh}, {attacker.refresh, victim.refresh}, {victim.refresh, ""}, {"", victim.refresh}, {victim.refresh, "x"}} {
		for _, joint := range []string{"; ", "\r\nCookie: "} {
			got := s.ask(t, wirePost(refreshPath, "", "Cookie: refresh_token="+order[0]+joint+"refresh_token="+order[1]))
			if got.status != http.StatusBadRequest || len(got.header["Set-Cookie"]) > 0 {
				t.Errorf("two different cookies are answered %v", got)
			}
		}
	}
	s.mustWork(t, s.renew(t, victim))
	s.mustWork(t, s.renew(t, attacker))
}

// twoTokens come in one request. One of them decides alone; a bad one is not saved by a
// good one, and two people are not mixed up.
func twoTokens(t *testing.T) {
	s := newShop(t)
	one := s.asBrowser(t)
	otherAccess, _ := signIn(t, s.server, "freya@shop.test", "torque wrench number 5")
	for name, c := range map[string]struct {
		raw    string
		status int
		says   string
	}{
		"header and cookie of two":     {wireGet(mePath, "Authorization: Bearer "+otherAccess, "Cookie: access_token="+one.access), 200, "freya@shop.test"},
		"bad header, good cookie":      {wireGet(mePath, "Authorization: Bearer x", "Cookie: access_token="+one.access), 401, "token_not_valid"},
		"refresh: bad body, cookie":    {wirePost(refreshPath, `{"refresh":"x"}`, "Cookie: refresh_token="+one.refresh), 401, "token_not_valid"},
		"refresh: blank body, cookie":  {wirePost(refreshPath, `{"refresh":""}`, "Cookie: refresh_token="+one.refresh), 400, "blank"},
		"refresh: access token, right": {wirePost(refreshPath, `{"refresh":`+quoted(one.access)+`}`, "Cookie: refresh_token="+one.refresh), 401, "wrong type"},
	} {
		if got := s.ask(t, c.raw); got.status != c.status || !strings.Contains(string(got.body), c.says) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	s.mustWork(t, s.renew(t, one))
}

const changeURL = `"password_reset_url":"https://gate.shop.test/accounts/password_change/"`

// poisonedHosts try to have links lead to the attacker.
func poisonedHosts(t *testing.T) {
	s := newShop(t, "GATEHOUSE_PUBLIC_URL=https://gate.shop.test", "GATEHOUSE_TRUSTED_PROXIES=127.0.0.0/8")
	body := credentials("carla@shop.test", "first day at the shop")
	for _, lines := range []string{
		"Host: evil.test", "Host: gate.shop.test:1@evil.test", "Host: gate.shop.test:8443", "Host: gate.shop.test\r\nX-Forwarded-Host: evil.test", "Host: x\r\nForwarded: host=evil.test;proto=http",
		"Host: x\r\nX-Original-URL: https://evil.test/\r\nX-Rewrite-URL: /evil", "Host: x\r\nX-Host: evil.test\r\nX-Forwarded-Server: evil.test\r\nX-Forwarded-Prefix: /evil",
	} {
		for _, address := range []string{tokenPath, "http://evil.test" + tokenPath} {
			raw := fmt.Sprintf("POST %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", address, lines, len(body), body)
			got := s.exchange(t, raw, "POST")
			refused := len(got) == 1 && got[0].status == http.StatusBadRequest
			if len(got) != 1 || !refused && !strings.Contains(string(got[0].body), changeURL) || strings.Contains(got[0].String(), "evil") {
				t.Errorf("%q: got %v", lines, got)
			}
		}
	}
}

// poisonedSchemes try to have cookies sent in the clear.
func poisonedSchemes(t *testing.T) {
	for _, proxies := range []string{"GATEHOUSE_TRUSTED_PROXIES=127.0.0.0/8", "GATEHOUSE_TRUSTED_PROXIES="} {
		s := newShop(t, "GATEHOUSE_PUBLIC_URL=https://gate.shop.test", proxies)
		for _, line := range []string{
			"X-Forwarded-Proto: http", "X-Forwarded-Proto: https", "X-Forwarded-Proto: https, http", "X-Forwarded-Ssl: off", "X-Url-Scheme: http", "Front-End-Https: off", "Forwarded: proto=http",
		} {
			got := s.ask(t, goodSignIn(line))
			cookies := got.header["Set-Cookie"]
			if len(cookies) != 2 || got.header.Get("Strict-Transport-Security") == "" {
				t.Fatalf("%s: got %v", line, got)
			}
			for _, cookie := range cookies {
				if !strings.Contains(cookie, "; HttpOnly; Secure; SameSite=Lax") {
					t.Errorf("%s: a cookie has no Secure", line)
				}
			}
		}
	}
}
