//go:build system

package acceptance

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Monday after the cut-over, with SimpleJWT's shared secret: what people and programs notice, and
// what strangers get.
func TestMondayBehindProxiesWithDjango(t *testing.T) {
	t.Parallel()
	newDjangoShop(t, "HS256").throughEach(t, slices.Concat(monday, []djangoStory{
		{"tokens that Django issued before go on", tokensFromBefore},
		{"after signing out with Django's tokens Django is not reached any more", signingOutWithTokensFromBefore},
		{"after going back, Django takes the tokens that we issued", goingBack},
	}))
}

// The same with a key of our own, which Django fetches by JWK_URL, and with the guard at a socket that
// the proxies' group may use.
func TestMondayBehindProxiesWithDjangoAndAKeyOfOurOwn(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(socketFolder(t), "guard")
	s := newDjangoShop(t, "ES256", "GATEHOUSE_GUARD_LISTEN=unix:"+socket)
	if os.Getuid() == 0 {
		if err := os.Chown(socket, -1, nobody); err != nil {
			t.Fatal(err)
		}
	}
	s.throughEach(t, monday)
}

var monday = []djangoStory{
	{"Django is told who somebody is, and sees the token", djangoIsTold},
	{"after signing out Django is not reached any more", refusedAfter(signingOut)},
	{"after a deactivation Django is not reached any more", refusedAfter(deactivation)},
	{"after a leaving date Django is not reached any more", refusedAfter(leaving)},
	{"after a change of the password Django is not reached any more", refusedAfter(passwordChange)},
	{"a request from another origin has no effect", forgedRequests},
	{"identity headers from outside have no effect", spoofedIdentity},
	{"a preflight passes", preflight},
	{"an upload of 20 MB passes", upload},
	{"a stream passes line by line", streaming},
	{"Django's own token endpoints cannot be reached", shutEndpoints},
	{"Django keeps its other paths", keptPaths},
	{"a due password is told to the app", duePassword},
}

func tokensFromBefore(t *testing.T, s *djangoShop, f *front) {
	v := s.somebody(t, f)
	issued := s.django.tokens(t, v.address)
	v.cookies = map[string]string{"access_token": issued.access, "refresh_token": issued.refresh}
	mustReach(t, "with Django's access token", v.get(jobsPath))
	if me := v.get(mePath); me.status != 200 || !strings.Contains(string(me.body), v.address) {
		t.Errorf("me is answered %v", me)
	}
	if got := v.post(refreshPath, ""); got.status != 200 || v.cookies["access_token"] == issued.access {
		t.Fatalf("refreshing with Django's token is answered %v", got)
	}
	mustReach(t, "with the token that took its place", v.get(jobsPath))
	adopted := v.cookies["access_token"]
	v.post(logoutPath, "")
	mustStop(t, "after signing out", f.bear(t, jobsPath, adopted), 401)
	if got := f.stranger(t).post(refreshPath, "", "Cookie: refresh_token="+issued.refresh); got.status != 401 {
		t.Errorf("after signing out, Django's refresh token is answered %v", got)
	}
}

// signingOutWithTokensFromBefore: the tokens have never been refreshed here, and name no session of ours.
func signingOutWithTokensFromBefore(t *testing.T, s *djangoShop, f *front) {
	v := s.somebody(t, f)
	issued := s.django.tokens(t, v.address)
	before := map[string]string{"access_token": issued.access, "refresh_token": issued.refresh}
	v.cookies = maps.Clone(before)
	mustReach(t, "with Django's access token", v.get(jobsPath))
	signingOut(t, s, v)
	v.cookies = before
	mustStop(t, "the next request", v.get(jobsPath), 401)
	mustStop(t, "a thief's next request", f.bear(t, byHeaderPath, issued.access), 401)
	v.must(401, v.post(refreshPath, ""))
}

func goingBack(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	if !s.django.takes(t, v.cookies["access_token"]) {
		t.Error("Django refuses the access token")
	}
	got, err := s.django.visitor().send("POST", "http://django"+refreshPath, http.Header{"Content-Type": {"application/json"}}, `{"refresh":"`+v.cookies["refresh_token"]+`"}`)
	if err != nil || got.status != 200 {
		t.Errorf("Django answers the refresh token with %v, %v", got, err)
	}
}

func djangoIsTold(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	v.cookies["theme"] = "dark"
	mustReach(t, "the app's request", v.get(jobsPath))
	mustReach(t, "a program's request", f.bear(t, byHeaderPath, v.cookies["access_token"]))
	for what, got := range map[string]answer{
		"by cookie": v.get(whoPath + "?a=b%2Fc&d"),
		"by header": f.bear(t, whoPath+"?a=b%2Fc&d", v.cookies["access_token"]),
	} {
		told := got.seen(t)
		if told.Identity["REMOTE_EMAIL"] != v.address || told.Identity["REMOTE_USER"] == "" || told.Identity["REMOTE_SESSION"] == "" || told.Identity["REMOTE_NAME"] == "" || told.Identity["REMOTE_GROUPS"] != "" {
			t.Errorf("%s: Django is told %s", what, got)
		}
		if token := v.cookies["access_token"]; told.AccessToken != token || told.Authorization != "Bearer "+token {
			t.Errorf("%s: Django sees another token", what)
		}
		if told.Path != whoPath+"?a=b%2Fc&d" {
			t.Errorf("%s: Django is asked for %s", what, told.Path)
		}
	}
	if told := v.get(whoPath).seen(t); !strings.Contains(told.Cookie, "theme=dark") {
		t.Errorf("the app's own cookie is gone: %v", told)
	}
	mustStop(t, "a stranger's request", f.stranger(t).get(jobsPath), 401)
	if got := f.stranger(t).get(whoPath, "Sec-Fetch-Mode: navigate", "Accept: text/html"); got.byDjango() || got.status != 303 ||
		!strings.Contains(got.header.Get("Location"), "/login/?next=") {
		t.Errorf("a stranger's page is answered %v", got)
	}
}

// An ending is what takes a person's sessions away.
type ending func(t *testing.T, s *djangoShop, v *visitor)

func signingOut(t *testing.T, _ *djangoShop, v *visitor) { v.must(200, v.post(logoutPath, "")) }

func deactivation(t *testing.T, s *djangoShop, v *visitor) {
	s.operator(t, "staff", "deactivate", v.address)
}

func leaving(t *testing.T, s *djangoShop, v *visitor) {
	s.operator(t, "staff", "leave", v.address, "--on", "2020-02-29")
}

func passwordChange(_ *testing.T, _ *djangoShop, v *visitor) {
	body := fmt.Sprintf(`{"username":%q,"old_password":%q,"new_password":%q}`, v.address, hanaPassword, chosen)
	v.must(200, v.post(changePath, body))
}

func (v *visitor) must(status int, got answer) {
	v.t.Helper()
	if got.status != status {
		v.t.Errorf("want %d, got %v", status, got)
	}
}

// refusedAfter tries the very next request of the person, and that of somebody who has stolen
// the access token. Django by itself would take the token until it is expired.
func refusedAfter(end ending) func(*testing.T, *djangoShop, *front) {
	return func(t *testing.T, s *djangoShop, f *front) {
		v := s.signedIn(t, f)
		before := map[string]string{"access_token": v.cookies["access_token"], "refresh_token": v.cookies["refresh_token"]}
		stolen := before["access_token"]
		mustReach(t, "before", v.get(jobsPath))
		mustReach(t, "the thief, before", f.bear(t, byHeaderPath, stolen))
		end(t, s, v)
		v.cookies = before // also if the answer has deleted them
		mustStop(t, "the next request", v.get(jobsPath), 401)
		mustStop(t, "the thief's next request", f.bear(t, byHeaderPath, stolen), 401)
		mustStop(t, "the thief's cookie", f.stranger(t).get(jobsPath, "Cookie: access_token="+stolen), 401)
		if !s.django.takes(t, stolen) {
			t.Error("Django by itself refuses the token, so that nothing is shown")
		}
	}
}

func forgedRequests(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: same-site", "Origin: https://evil." + publicHost},
		{"Origin: https://evil.test"},
		{"Origin: null"},
		{"Sec-Fetch-Site: cross-site", "Content-Type: text/plain"},
		{"Sec-Fetch-Site: cross-site", "X-Forwarded-Method: GET", "X-Original-Method: GET", "X-HTTP-Method-Override: GET"},
	} {
		got := v.post(effectsPath, "{}", headers...)
		mustStop(t, strings.Join(headers, ", "), got, 403)
		if !strings.Contains(string(got.body), `"csrf_failed"`) {
			t.Errorf("%v is answered %v", headers, got)
		}
	}
	if got := v.get(effectsPath); !strings.Contains(string(got.body), `{"effects":0}`) {
		t.Errorf("forged requests had effects: %v", got)
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site: same-origin"}, {"Origin: " + publicURL}, nil} {
		mustReach(t, fmt.Sprint("the app's own request ", headers), v.post(effectsPath, "{}", headers...))
	}
	if got := v.get(effectsPath); !strings.Contains(string(got.body), `{"effects":3}`) {
		t.Errorf("good requests had other effects: %v", got)
	}
}

func spoofedIdentity(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	for _, spelled := range []func(string) string{
		func(name string) string { return name },
		strings.ToLower,
		func(name string) string { return strings.ReplaceAll(name, "-", "_") },
	} {
		var lies []string
		for _, name := range []string{"Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "Remote-Session", "X-Gatehouse-Access-Token"} {
			lies = append(lies, spelled(name)+": superuser")
		}
		for what, got := range map[string]answer{
			"guarded":               v.get(whoPath, lies...),
			"open, with cookies":    v.get(openWhoPath, lies...),
			"open, without cookies": f.stranger(t).get(openWhoPath, lies...),
		} {
			told := got.seen(t)
			for name, value := range told.Identity {
				if strings.Contains(value, "superuser") {
					t.Errorf("%s, %s: Django is told that %s is %s", what, lies[0], name, value)
				}
			}
			if email := told.Identity["REMOTE_EMAIL"]; what == "open, without cookies" && email != "" || what != "open, without cookies" && email != v.address {
				t.Errorf("%s, %s: Django is told the address %s", what, lies[0], email)
			}
		}
		mustStop(t, "a stranger who lies", f.stranger(t).get(jobsPath, append(lies, "X-Original-URL: "+publicURL+openWhoPath, "X-Forwarded-Uri: "+openWhoPath)...), 401)
	}
	bad := f.stranger(t).get(openWhoPath, "Authorization: Bearer "+forged(v.cookies["access_token"]), "Cookie: access_token="+forged(v.cookies["access_token"]))
	if told := bad.seen(t); told.Identity["REMOTE_USER"] != "" {
		t.Errorf("a forged token is believed on an open path: %v", bad)
	}
}

// forged is the token with another signature.
func forged(token string) string {
	signed := token[:strings.LastIndexByte(token, '.')]
	return signed + "." + b64(macOf("another secret", signed))
}

func preflight(t *testing.T, _ *djangoShop, f *front) {
	got := f.stranger(t).ask("OPTIONS", jobsPath, "", "Origin: https://app.shop.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")
	if !got.byDjango() || got.header.Get("Allow") == "" && got.status != 401 {
		t.Errorf("a preflight is answered %v", got)
	}
	mustStop(t, "OPTIONS that is no preflight", f.stranger(t).ask("OPTIONS", jobsPath, ""), 401)
}

func upload(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	file := make([]byte, 20<<20)
	fill := rand.NewChaCha8([32]byte{})
	_, _ = fill.Read(file) // never fails
	sum := sha256.Sum256(file)
	got := v.post(uploadPath, string(file), "Sec-Fetch-Site: same-origin")
	mustReach(t, "the upload", got)
	if want := `"sha256":"` + hex.EncodeToString(sum[:]) + `"`; !strings.Contains(string(got.body), want) {
		t.Errorf("what has arrived is not what was sent: %v", got)
	}
	tooMuch, err := v.send("POST", publicURL+uploadPath, nil, string(file)+string(file[:6<<20]))
	if err == nil && (tooMuch.byDjango() || tooMuch.status != 413) { // or the connection is closed
		t.Errorf("26 MB are answered %v", tooMuch)
	}
}

// slowUpload sends the end of a file when the access token with which it began has expired.
func slowUpload(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	file, sending := io.Pipe()
	request, err := http.NewRequestWithContext(t.Context(), "POST", publicURL+uploadPath, file)
	if err != nil {
		t.Fatal(err)
	}
	request.ContentLength = int64(len("begin" + "end")) // Django reads nothing without it
	request.Header.Set("Cookie", v.cookieHeader())
	program, bearer := f.stranger(t), "Authorization: Bearer "+v.cookies["access_token"]
	go func() {
		_, _ = sending.Write([]byte("begin"))
		every := time.NewTicker(50 * time.Millisecond)
		defer every.Stop()
		for program.get(mePath, bearer).status == 200 {
			<-every.C
		}
		_, _ = sending.Write([]byte("end"))
		_ = sending.Close()
	}()
	got, err := v.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, _ := io.ReadAll(got.Body)
	mustReach(t, "the upload", answer{got.StatusCode, got.Header, body})
	if !strings.Contains(string(body), `"size":8,`) {
		t.Errorf("Django has got %s", body)
	}
}

func streaming(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	request, err := http.NewRequestWithContext(t.Context(), "GET", publicURL+streamPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Cookie", v.cookieHeader())
	got, err := v.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	lines := bufio.NewReader(got.Body)
	if line, err := lines.ReadString('\n'); line != "one\n" {
		t.Fatalf("the first line is %q: %v, %v", line, got.Status, err)
	}
	// The second line comes when the first has arrived and this has been sent.
	mustReach(t, "going on", v.post(streamPath, "{}"))
	if rest, err := io.ReadAll(lines); string(rest) != "two\n" {
		t.Errorf("the rest is %q: %v", rest, err)
	}
}

// Spellings that a server may take for a path.
var respelled = []func(string) string{
	func(path string) string { return path },
	func(path string) string { return strings.TrimSuffix(path, "/") },
	func(path string) string { return path + "/" },
	func(path string) string { return "/" + path },
	func(path string) string { return strings.Replace(path, "/api", "//api", 1) },
	func(path string) string { return strings.Replace(path, "/api", "/./api", 1) },
	func(path string) string { return "/x/.." + path },
	func(path string) string { return openRoot + ".." + path },
	func(path string) string { return openRoot + "%2e%2e" + path },
	func(path string) string { return openRoot + "..%2f" + path[1:] },
	func(path string) string { return strings.Replace(path, "/api", "/%61pi", 1) },
	func(path string) string { return "/" + strings.ReplaceAll(path[1:], "/", "%2F") },
	func(path string) string { return path + "?next=" + openRoot },
	func(path string) string { return path + "%3F" },
	func(path string) string { return path + ";x" },
}

// shutEndpoints asks for each path that Gatehouse has taken over, in every spelling. Django may say that it
// has no such path: its view must not answer.
func shutEndpoints(t *testing.T, s *djangoShop, f *front) {
	anybody := []*visitor{s.signedIn(t, f), f.stranger(t)}
	for _, path := range []string{
		"/accounts/api/token/", "/accounts/api/token/refresh/", "/accounts/api/token/verify/", "/accounts/me/", "/accounts/logout/",
		"/api/accounts/token/", "/api/accounts/token/refresh/", "/api/accounts/token/verify/", "/api/accounts/me/", "/api/accounts/logout/",
	} {
		if got, err := s.django.visitor().send("GET", "http://django"+path, nil, ""); err != nil || got.status != 200 && got.status != 405 {
			t.Fatalf("Django itself answers %s with %v, %v", path, got, err)
		}
		for _, spell := range respelled {
			for _, v := range anybody {
				if got := v.get(spell(path)); got.byDjango() && got.status != 404 {
					t.Errorf("%s reaches Django's view: %v", spell(path), got)
				}
			}
		}
	}
}

func keptPaths(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	for _, path := range []string{"/api/accounts/staff/all/", "/accounts/api/staff/", "/accounts/api/bearer-token/", "/accounts/logout-session/"} {
		mustReach(t, path, v.get(path))
		mustStop(t, path+" for a stranger", f.stranger(t).get(path), 401)
	}
	for _, path := range []string{"/.well-known/jwks.json", "/openapi.json"} {
		if got := f.stranger(t).get(path); got.byDjango() || got.status != 200 {
			t.Errorf("%s is answered %v", path, got)
		}
	}
	if got := f.stranger(t).get("/check"); got.status == 200 {
		t.Errorf("the guard's own path is answered %v", got)
	}
}

// An app as the shop's signs in, asks for me, and shows detail unless the status is 401 or 5xx.
func duePassword(t *testing.T, s *djangoShop, f *front) {
	v := s.signedIn(t, f)
	s.operator(t, "staff", "require-reset", v.address)
	got := v.post(tokenPath, credentials(v.address, hanaPassword))
	if got.status != 200 || !strings.Contains(string(got.body), `"password_needs_reset":true`) || v.cookies["access_token"] != "" {
		t.Errorf("signing in is answered %v", got)
	}
	if me := v.get(mePath); me.status != 403 || !strings.Contains(string(me.body), "has to be changed before you can go on. Open "+publicURL+"/accounts/password_change/") {
		t.Errorf("me is answered %v", me)
	}
	mustStop(t, "the app's request to Django", v.get(jobsPath), 401)
	page := v.get(whoPath, "Sec-Fetch-Mode: navigate", "Accept: text/html")
	if page.byDjango() || page.status != 303 || !strings.Contains(page.header.Get("Location"), "/password_change/") {
		t.Errorf("a page of Django is answered %v", page)
	}
	passwordChange(t, s, v)
	if got := v.post(tokenPath, credentials(v.address, chosen)); got.status != 200 {
		t.Errorf("signing in afterwards is answered %v", got)
	}
	mustReach(t, "afterwards", v.get(jobsPath))
}

// While Gatehouse is stopped, guarded paths are shut and open paths go on. All is well again when it is
// back.
func TestGatehouseStoppedBehindProxiesWithDjango(t *testing.T) {
	t.Parallel()
	s := newDjangoShop(t, "HS256")
	for _, f := range s.fronts {
		t.Run(f.name, func(t *testing.T) {
			v := s.signedIn(t, f)
			mustReach(t, "before", v.get(jobsPath))
			s.stopped(t, func() {
				for _, path := range []string{jobsPath, whoPath, "/api/accounts/staff/all/", mePath} {
					if got := v.get(path); got.byDjango() || got.status < 500 {
						t.Errorf("%s is answered %v while Gatehouse is stopped", path, got)
					}
				}
				mustReach(t, "an open path", v.get(openWhoPath))
				if told := v.get(openWhoPath, "Remote-User: superuser", "Remote_User: superuser").seen(t); strings.Contains(told.Identity["REMOTE_USER"], "superuser") {
					t.Errorf("without Gatehouse a spoofed identity is believed: %v", told)
				}
			})
			mustReach(t, "afterwards", v.get(jobsPath))
		})
	}
}
