package fiberhttp_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What people read about their devices is made from what browsers say of themselves.
func TestDeviceNames(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36":                         "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                   "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36":                   "Chrome on Pixel 9",
		"curl/8.14.1":            "curl",
		"python-requests/2.32.4": "python-requests",
		"":                       "Unknown device",
	} {
		if got := deviceOf(t, agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

// Whatever is sent instead, the name is a line of text that a page can show.
func TestDeviceNamesOfNonsense(t *testing.T) {
	for _, agent := range []string{
		"x", "/", "()", ";", "Mozilla/5.0", "Mozilla/5.0 (", "Mozilla/5.0 ((((;;;;))))", "<script>alert(1)</script>", `"\`, "\xff\xfe", "密码/1",
		strings.Repeat("A", 10<<10), strings.Repeat("(", 10<<10), strings.Repeat("Mozilla/5.0 (", 800), strings.Repeat("é", 5<<10), strings.Repeat("a/1 ", 2560),
	} {
		got := deviceOf(t, agent)
		if got == "" || len(got) > 60 || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\x00") {
			t.Errorf("%.40q… is called %q", agent, got)
		}
	}
}

// deviceOf is what a session is called that was opened by a client with the user agent.
func deviceOf(t *testing.T, agent string) string {
	t.Helper()
	s := open(t)
	check(t, s.send(signInAs(address(1), password, "User-Agent: "+agent)), 200, tokensInBody)
	a := s.send(get("/accounts/api/sessions/", bearer(firstAccess)))
	var sessions []struct{ Device string }
	if err := json.Unmarshal([]byte(a.body), &sessions); err != nil || len(sessions) != 1 {
		t.Fatalf("%.40q…: got %d %s", agent, a.status, a.body)
	}
	return sessions[0].Device
}
