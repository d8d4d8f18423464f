//go:build system

package acceptance

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var tokenInCookie = regexp.MustCompile(`=[^;]+;`)

// People sign in, refresh and sign out through a proxy as they do without one: with the same
// answers, headers and cookies.
func TestSigningInThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		direct := f.shop.ask(t, public(goodSignIn()))
		got := f.ask(t, somewhere, goodSignIn())
		for _, header := range []string{"Cache-Control", "Content-Security-Policy", "Content-Type", "Referrer-Policy", "Strict-Transport-Security", "X-Content-Type-Options"} {
			if !reflect.DeepEqual(got.header[header], direct.header[header]) || len(got.header[header]) != 1 {
				t.Errorf("%s is %q, without a proxy %q", header, got.header[header], direct.header[header])
			}
		}
		cookies := got.header["Set-Cookie"]
		if len(cookies) != 2 || !slices.Equal(withoutTokens(cookies), withoutTokens(direct.header["Set-Cookie"])) {
			t.Errorf("the cookies are %q, without a proxy %q", cookies, direct.header["Set-Cookie"])
		}
		for _, cookie := range cookies {
			if !strings.Contains(cookie, "; HttpOnly; Secure; SameSite=Lax") {
				t.Errorf("a cookie lacks an attribute: %q", withoutTokens([]string{cookie}))
			}
		}
		p := pair{}.after(got)
		p = p.after(f.ask(t, somewhere, refreshing(p.refresh)))
		if me := f.ask(t, somewhere, wireGet(mePath, "Cookie: access_token="+p.access)); me.status != 200 || !bytes.Contains(me.body, []byte(hana)) {
			t.Errorf("me is answered %v", me)
		}
		if out := f.ask(t, somewhere, wirePost(logoutPath, "", "Cookie: access_token="+p.access+"; refresh_token="+p.refresh)); out.status != 200 {
			t.Errorf("signing out is answered %v", out)
		}
		if me := f.ask(t, somewhere, wireGet(mePath, "Cookie: access_token="+p.access)); me.status != 401 {
			t.Errorf("me is answered %v afterwards", me)
		}
	})
}

func withoutTokens(cookies []string) (all []string) {
	for _, cookie := range cookies {
		all = append(all, tokenInCookie.ReplaceAllString(cookie, "=;")[:len("refresh_token=")])
		all = append(all, strings.SplitN(cookie, ";", 2)[1])
	}
	return all
}

// Browsers speak HTTP/2 with the proxy.
func TestHTTP2ThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		transport := &http.Transport{TLSClientConfig: f.trust, ForceAttemptHTTP2: true}
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		request, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+f.address+tokenPath, strings.NewReader(credentials(hana, hanaPassword)))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = publicHost
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Forwarded-For", "203.0.113.66")
		got, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		if got.StatusCode != 200 || got.ProtoMajor != 2 || len(got.Cookies()) != 2 {
			t.Errorf("answered %s %s with %d cookies", got.Proto, got.Status, len(got.Cookies()))
		}
		if event := f.shop.lastEvent(t); event.Address != "127.0.0.1" {
			t.Errorf("the audit trail says %q", event.Address)
		}
	})
}

// What a client can say about where it comes from.
var claims = [][]string{
	nil,
	{"X-Forwarded-For: 203.0.113.66"},
	{"X-Forwarded-For: 127.0.0.1"},
	{"X-Forwarded-For: 127.0.0.9, 203.0.113.66"},
	{"X-Forwarded-For: 203.0.113.66", "X-Forwarded-For: 203.0.113.67"},
	{"x-forwarded-for: 203.0.113.66", "X-FORWARDED-FOR: 203.0.113.67"},
	{"X-Forwarded-For:"},
	{"X-Forwarded-For: " + strings.Repeat("127.0.0.1, ", 300) + "203.0.113.66"},
	{"X_Forwarded_For: 203.0.113.66"},
	{"Connection: X-Forwarded-For", "X-Forwarded-For: 203.0.113.66"},
	{"Connection: close, X-Forwarded-For, X-Request-Id"},
	{"Forwarded: for=203.0.113.66;host=evil.test"},
	{"X-Real-IP: 203.0.113.66", "True-Client-IP: 203.0.113.66", "CF-Connecting-IP: 203.0.113.66", "X-Client-IP: 203.0.113.66"},
	{"X-Request-Id: spoofed"},
	{"X-Request-Id: spoofed", "x-request-id: spoofed"},
	{"X_Request_Id: spoofed"},
}

// The audit trail and the log have the address from which the connection to the proxy
// comes, and the proxy's name for the request, whatever the client claims.
func TestAddressesThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		for i, lines := range claims {
			from := fmt.Sprintf("127.2.%d.1", i) // a network of its own
			agent := fmt.Sprintf("agent %d", i)
			got := f.ask(t, from, wirePost(tokenPath, credentials(fmt.Sprintf("nobody%d@shop.test", i), "x"), append(lines, "User-Agent: "+agent)...))
			if got.status == 400 { // the proxy does not like it either
				continue
			}
			event := f.shop.lastEvent(t)
			if got.status != 401 || event.Address != from || event.UserAgent != agent || event.RequestID == "" || strings.Contains(event.RequestID, "spoofed") {
				t.Errorf("%.100q from %s is answered %d, and audited as %+v", lines, from, got.status, event)
			}
			if id := got.header["X-Request-Id"]; len(id) != 1 || id[0] != event.RequestID {
				t.Errorf("%.100q: the answer has the id %q, the audit trail %q", lines, id, event.RequestID)
			}
			f.shop.mustLog(t, `"client":"`+from+`"`)
		}
		if log := f.shop.Stderr.String(); strings.Contains(log, "203.0.113.") || strings.Contains(log, "spoofed") {
			t.Errorf("what was claimed is in the log")
		}
	})
}

// Who has not told Gatehouse of the proxy gets the proxy's address, and never the client's
// claim.
func TestProxiesThatAreNotTrusted(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		for _, lines := range claims {
			f.ask(t, somewhere, wirePost(tokenPath, credentials("nobody@shop.test", "x"), lines...))
			if event := f.shop.lastEvent(t); event.Address != "127.0.0.1" || strings.Contains(event.RequestID, "spoofed") {
				t.Errorf("%.100q is audited as %+v", lines, event)
			}
		}
	}, "GATEHOUSE_TRUSTED_PROXIES=", "GATEHOUSE_THROTTLE_FREE_FAILURES=20")
}

// A guesser's network is out of budget, whatever it claims, and no other is.
func TestThrottlingThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		guess := func(from string, lines ...string) int {
			return f.ask(t, from, wirePost(tokenPath, credentials(fmt.Sprintf("nobody-from-%s@shop.test", from), "x"), lines...)).status
		}
		for i := range 3 {
			if got := guess(fmt.Sprintf("127.0.3.%d", i+1), "X-Forwarded-For: 203.0.113.66"); got != 401 {
				t.Fatalf("attempt %d is answered %d", i, got)
			}
		}
		for i, lines := range claims {
			if got := guess(fmt.Sprintf("127.0.3.%d", i+10), lines...); got != 429 && got != 400 {
				t.Errorf("%.100q: a network without budget is answered %d", lines, got)
			}
		}
		if got := f.ask(t, "127.0.4.1", goodSignIn("X-Forwarded-For: 127.0.3.1")).status; got != 200 {
			t.Errorf("hana, from another network, is answered %d", got)
		}
	}, "GATEHOUSE_THROTTLE_NETWORK_BUDGET=3")
}

const publicChangeURL = `"password_reset_url":"https://` + publicHost + `/accounts/password_change/"`

// No header of a request gets into a link or any other part of an answer.
func TestPoisonThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		body := credentials("carla@shop.test", "first day at the shop")
		reached := 0
		for _, lines := range []string{
			"Host: shop.example", "Host: evil.test", "Host: shop.example:1@evil.test", "Host: shop.example:8443", "Host: SHOP.EXAMPLE.", "Host: evil.test#shop.example", "Host: shop.example\r\nHost: evil.test", "Host: evil.test\r\nHost: shop.example",
			"Host: shop.example\r\nX-Forwarded-Host: evil.test", "Host: shop.example\r\nX-Forwarded-Proto: http", "Host: shop.example\r\nForwarded: host=evil.test;proto=http",
			"Host: shop.example\r\nX-Forwarded-Port: 666\r\nX-Forwarded-Scheme: http", "Host: shop.example\r\nX-Original-URL: https://evil.test/\r\nX-Rewrite-URL: /evil",
			"Host: shop.example\r\nX-Host: evil.test\r\nX-Forwarded-Server: evil.test\r\nX-Forwarded-Prefix: /evil", "X: y",
		} {
			for _, target := range []string{tokenPath, "http://evil.test" + tokenPath, "https://" + publicHost + tokenPath, "//evil.test" + tokenPath} {
				raw := fmt.Sprintf("POST %s HTTP/1.1\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", target, lines, len(body), body)
				got := f.ask(t, somewhere, raw)
				answered := got.status == 200 && strings.Contains(string(got.body), "password_reset_url")
				if answered {
					reached++
				}
				right := strings.Contains(string(got.body), publicChangeURL) && len(got.header["Strict-Transport-Security"]) == 1
				if strings.Contains(got.String(), "evil") || answered && !right || got.status >= 500 {
					t.Errorf("%s, %q: got %v", target, lines, got)
				}
			}
		}
		if reached < 10 {
			t.Errorf("%d requests have reached the service", reached)
		}
	})
}
