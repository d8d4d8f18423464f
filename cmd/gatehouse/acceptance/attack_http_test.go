package acceptance

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// Attacks on what surrounds tokens: bodies, names, cookies, origins, proxies and logs. The
// subtests have the ids of the list in cmd/dev/attack, where the adapters' own tests do not say
// it all.
func TestAttacks(t *testing.T) {
	t.Parallel()
	for id, attack := range map[string]func(*testing.T){
		"D04": compressedBodies, "D14": otherMethods, "D15": secretsInTheAddress, "D16": oddRequests,
		"E08": namesThatAreNone, "E10": passwordsThatAreAlmostRight,
		"F04": signingInFromElsewhere, "F05": originsFromElsewhere, "F08": tossedCookies, "F10": twoTokens,
		"G03": poisonedHosts, "G04": poisonedSchemes, "G07": linesInTheLog, "H01": floodOfSignIns, "H09": oneAnswerForAll,
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			attack(t)
		})
	}
}

func goodSignIn(headers ...string) string {
	return wirePost(tokenPath, credentials(hana, hanaPassword), headers...)
}

func compressedBodies(t *testing.T) {
	s := newShop(t)
	var bomb bytes.Buffer
	packer := gzip.NewWriter(&bomb)
	_, _ = packer.Write([]byte(credentials(hana, hanaPassword)))
	_, _ = packer.Write(make([]byte, 40<<20))
	_ = packer.Close()
	for _, encoding := range []string{"gzip", "br", "deflate", "zstd", "GZIP", "gzip, gzip", "x"} {
		got := s.ask(t, wirePost(tokenPath, bomb.String(), "Content-Type: application/json", "Content-Encoding: "+encoding))
		if want := 415; got.status != want && bomb.Len() <= 64<<10 || len(got.header["Set-Cookie"]) > 0 {
			t.Errorf("%s: got %v", encoding, got)
		}
	}
}

func otherMethods(t *testing.T) {
	s := newShop(t)
	for _, path := range []string{tokenPath, refreshPath, verifyPath, logoutPath, mePath} {
		for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO", "get", "Post"} {
			raw := method + " " + path + " HTTP/1.1\r\n" + wireHost + "\r\nX-HTTP-Method-Override: POST\r\nX-Method-Override: POST\r\nCookie: access_token=echo\r\n\r\n"
			got := s.ask(t, raw)
			if got.status != 405 || got.header.Get("Allow") == "" || bytes.Contains(got.body, []byte("echo")) {
				t.Errorf("%s %s: got %v", method, path, got)
			}
		}
	}
}

func secretsInTheAddress(t *testing.T) {
	s := newShop(t)
	const query = "?username=hana%40shop.test&password=nine%20copper%20elbows&refresh=canary5e1f&token=canary5e1f&access_token=canary5e1f"
	for _, path := range []string{tokenPath, refreshPath, verifyPath} {
		if got := s.ask(t, wirePost(path+query, "{}")); got.status != 400 {
			t.Errorf("%s: got %v", path, got)
		}
	}
	s.ask(t, wireGet(mePath+query))
	if got := s.ask(t, wirePost(tokenPath+"?username=x&password=y", credentials(hana, hanaPassword))); got.status != 200 {
		t.Errorf("beside a body: %v", got)
	}
	if log := s.Stderr.String(); strings.Contains(log, "canary5e1f") || strings.Contains(log, "copper") {
		t.Errorf("the log says it:\n%s", log)
	}
}

func oddRequests(t *testing.T) {
	s := newShop(t)
	body := credentials(hana, hanaPassword)
	for name, c := range map[string]struct {
		raw    string
		status int
	}{
		"HTTP/0.9":                 {"GET /healthz\r\n\r\n", 400},
		"HTTP/1.0 without a host":  {"GET /healthz HTTP/1.0\r\n\r\n", 200},
		"HTTP/1.1 without a host":  {"GET /healthz HTTP/1.1\r\n\r\n", 400},
		"two hosts":                {"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		"the whole address":        {"GET http://evil.test/healthz HTTP/1.1\r\nHost: gate.test\r\n\r\n", 200},
		"another expectation":      {goodSignIn("Expect: a cake"), 200},
		"an expectation":           {goodSignIn("Expect: 100-continue"), 200},
		"a range":                  {wireGet("/openapi.json", "Range: bytes=0-1"), 200},
		"HTTP/2 without a warning": {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
	} {
		answers := s.exchange(t, c.raw)
		if len(answers) != 1 || answers[0].status != c.status {
			t.Errorf("%s: got %v, want %d", name, answers, c.status)
		}
	}
	two := s.exchange(t, wirePost(tokenPath, body)+wireGet(mePath), "POST")
	if !slices.Equal(statuses(two), []int{200, 401}) {
		t.Errorf("who asks after somebody has signed in is answered %v", two)
	}
}

// hostileTexts are what parsers, templates, shells, logs and databases might take for more
// than a text.
var hostileTexts = []string{
	"' OR 1=1 --", `"; DROP TABLE staff; --`, "%s%n%x", "{{7*7}}", "${jndi:ldap://127.0.0.1:9/a}", "$(id)", "`id`", "../../etc/passwd",
	"hana@shop.test' --", "hana@shop.test\r\nBcc: x@evil.test", "hana@shop.test%00", "*", "h%na@shop.test", "h_na@shop.test", "hana@shop.test;", "\x1b[2Jhana@shop.test",
	"\u202ehana@shop.test", "hana\u200b@shop.test", "ｈana@shop.test", "hаna@shop.test", "hana@ſhop.test", "hana@shop.test.", "hana@shop。test", `"hana"@shop.test`, "Hana <hana@shop.test>", "hana@shop.test,ines@shop.test",
	"hana@[127.0.0.1]", "hana@@shop.test", "hana", "@", `","result":"ok`, strings.Repeat("a", 254),
}

func namesThatAreNone(t *testing.T) {
	s := newShop(t)
	for _, name := range hostileTexts {
		got := s.ask(t, wirePost(tokenPath, credentials(name, hanaPassword)))
		if got.status != 401 || len(got.header["Set-Cookie"]) > 0 {
			t.Errorf("%q: got %v", name, got)
		}
	}
	if got := s.ask(t, goodSignIn()); got.status != 200 {
		t.Errorf("hana cannot sign in any more: %v", got)
	}
}

func passwordsThatAreAlmostRight(t *testing.T) {
	s := newShop(t, "GATEHOUSE_THROTTLE=off")
	for _, typed := range []string{
		hanaPassword + " ", " " + hanaPassword, strings.ToUpper(hanaPassword), hanaPassword[:len(hanaPassword)-1], hanaPassword + "s", "nine\u00a0copper elbows",
		"nine copper elbow\u017f", strings.ReplaceAll(hanaPassword, " ", ""), "nine copper e\u0301lbows", hanaPassword + "\u200b", hanaPassword + "\n",
	} {
		if got := s.ask(t, wirePost(tokenPath, credentials(hana, typed))); got.status != 401 {
			t.Errorf("%q: got %v", typed, got)
		}
	}
	for _, body := range []string{`{"username":"hana@shop.test","password":"nine copper elbows\u0000"}`, credentials(hana, strings.Repeat("x", 1025))} {
		if got := s.ask(t, wirePost(tokenPath, body)); got.status != 400 {
			t.Errorf("%.80s: got %v", body, got)
		}
	}
}

// Every refused sign-in gets the same answer to the byte, whatever the reason.
func oneAnswerForAll(t *testing.T) {
	for _, mode := range []string{"ENABLE_JWT_AUTH=true", "ENABLE_JWT_AUTH=false"} {
		s := newShop(t, mode)
		first := s.ask(t, wirePost(tokenPath, credentials(hana, "ten copper elbows")))
		for who, c := range map[string][2]string{
			"unknown":               {"nobody@shop.test", hanaPassword},
			"wrong, in other case":  {"HANA@SHOP.TEST", "ten copper elbows"},
			"inactive":              {"bruno@shop.test", "gone fishing since may"},
			"inactive, wrong":       {"bruno@shop.test", "x"},
			"must change, wrong":    {"carla@shop.test", "x"},
			"has left":              {"henrik@shop.test", "off to the other island"},
			"has left, wrong":       {"henrik@shop.test", "x"},
			"has no password":       {"judit@shop.test", hanaPassword},
			"Argon2, wrong":         {"freya@shop.test", "x"},
			"Argon2, due and wrong": {"otto@shop.test", "x"},
			"scrypt, wrong":         {"sven@shop.test", "x"},
			"SHA-1, wrong":          {"nils.nord@shop.test", "x"},
		} {
			got := s.ask(t, wirePost(tokenPath, credentials(c[0], c[1])))
			if got.status != 401 || !bytes.Equal(got.body, first.body) || !reflect.DeepEqual(withoutIDs(got.header), withoutIDs(first.header)) {
				t.Errorf("%s: got %v %v, want %v %v", who, got, got.header, first, first.header)
			}
		}
	}
}

// withoutIDs leaves out what is another each time for everybody.
func withoutIDs(header http.Header) http.Header {
	rest := maps.Clone(header)
	delete(rest, "Date")
	delete(rest, "X-Request-Id")
	return rest
}

// linesInTheLog looks at each line after hostile texts were sent wherever they can be.
func linesInTheLog(t *testing.T) {
	s := newShop(t, "GATEHOUSE_TRUSTED_PROXIES=127.0.0.0/8")
	for _, text := range append(hostileTexts, "\u2028", strings.Repeat("x", 5000), `\"},{\"msg\":\"listening`) {
		header := strings.NewReplacer("\r", "", "\n", "", "\x1b", "").Replace(text)
		s.ask(t, wirePost(tokenPath, credentials(text, text), "User-Agent: "+header, "X-Request-Id: "+header, "X-Forwarded-For: "+header, "Referer: "+header))
		s.exchange(t, wireGet("/"+strings.ReplaceAll(header, " ", "%20")))
	}
	for line := range strings.Lines(s.Stderr.String()) {
		var fields map[string]any
		err := json.Unmarshal([]byte(line), &fields)
		delete(fields, "user_agent") // which is kept
		unprintable := strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return !unicode.IsPrint(r) })
		if err != nil || unprintable || len(line) > 1000 || strings.Contains(fmt.Sprint(fields), "shop.test") {
			t.Errorf("logged %q: %v", line, err)
		}
	}
}

// floodOfSignIns asks for more hashes at once than there is room for. Everybody is told at
// once or answered in the end, and who has a token does not notice.
func floodOfSignIns(t *testing.T) {
	s := newShop(t)
	p := s.asBrowser(t)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			got := s.ask(t, wirePost(tokenPath, credentials([]string{hana, "nobody@shop.test"}[i%2], "wrong")))
			if got.status != 401 && (got.status != 503 && got.status != 429 || got.header.Get("Retry-After") == "") {
				t.Errorf("one of many is answered %v", got)
			}
		})
	}
	for range 50 {
		s.mustWork(t, p)
	}
	all.Wait()
	s.mustWork(t, p)
}
