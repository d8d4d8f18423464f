//go:build system

package acceptance

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// Paths of the shop's Django. Those below openRoot are open to everybody.
const (
	jobsPath     = "/api/jobs/"
	byHeaderPath = "/api/jobs/by-header/"
	effectsPath  = "/api/effects/"
	uploadPath   = "/api/upload/"
	streamPath   = "/api/stream/"
	whoPath      = "/who/"
	openRoot     = "/public/"
	openWhoPath  = "/public/who/"
	appPath      = "/app/"
)

const publicURL = "https://" + publicHost

// A djangoShop is a shop after the cut-over: Gatehouse, and Django behind the guard, with both
// proxies in front of them. The proxies' files are those that "gatehouse proxy" prints.
type djangoShop struct {
	*shopServer
	django *djangoProject
	fronts []*front
	hired  atomic.Int32 // how many of the crew have a story
}

// newDjangoShop starts all four programs. Gatehouse imports the people from Django's own export.
func newDjangoShop(t *testing.T, algorithm string, set ...string) *djangoShop {
	t.Helper()
	s := &djangoShop{shopServer: newPublicShop(t, append([]string{
		"ALGORITHM=" + algorithm, "SECRET_KEY=" + sharedSecret, "ACCEPT_DJANGO_TOKENS_UNTIL=2100-01-01T00:00:00Z",
		"GATEHOUSE_GUARD_LISTEN=" + freeAddress(t), "GUARD_OPEN_PATHS=" + openRoot + "*," + appPath,
	}, set...)...)}
	s.django = startDjango(t, "SHOP_ALGORITHM="+algorithm, "SHOP_JWK_URL="+s.url+"/.well-known/jwks.json")
	seed, _ := seedOfDjango() // Django has started with it
	export := filepath.Join(s.dir, "staff.json")
	write(t, export, seed.staff)
	s.operator(t, "staff", "import", export)
	for _, p := range proxies {
		s.fronts = append(s.fronts, p.before(t, s.shopServer, "--guard", "--django", "unix:"+s.django.socket, "--max-upload", "25m"))
	}
	return s
}

// throughEach tells stories of one shop, at the same time and through each proxy.
func (s *djangoShop) throughEach(t *testing.T, stories []djangoStory) {
	for _, f := range s.fronts {
		for _, story := range stories {
			t.Run(f.name+"/"+story.name, func(t *testing.T) {
				t.Parallel()
				story.tell(t, s, f)
			})
		}
	}
}

// A djangoStory is what happens to somebody on that Monday.
type djangoStory struct {
	name string
	tell func(t *testing.T, s *djangoShop, f *front)
}

// A visitor is a person's browser, or a program, that speaks with a proxy.
type visitor struct {
	*browser
	t       *testing.T
	address string // of the person
}

// stranger is a client without cookies.
func (f *front) stranger(t *testing.T) *visitor {
	v := &visitor{browser: newBrowser(), t: t}
	transport := &http.Transport{TLSClientConfig: f.trust, DisableCompression: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", f.address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	v.client.Transport = transport
	return v
}

// somebody picks a person of the crew for one story. They have not signed in yet.
func (s *djangoShop) somebody(t *testing.T, f *front) *visitor {
	v := f.stranger(t)
	v.address = crewMember(int(s.hired.Add(1)) - 1)
	return v
}

// signedIn picks a person and signs them in.
func (s *djangoShop) signedIn(t *testing.T, f *front) *visitor {
	t.Helper()
	v := s.somebody(t, f)
	v.signIn()
	return v
}

func (v *visitor) signIn() {
	v.t.Helper()
	if got := v.post(tokenPath, credentials(v.address, hanaPassword)); got.status != 200 || v.cookies["access_token"] == "" {
		v.t.Fatalf("%s cannot sign in: %v", v.address, got)
	}
}

// get and post send a request with the cookies that are kept. Headers are whole lines.
func (v *visitor) get(path string, headers ...string) answer {
	v.t.Helper()
	return v.ask("GET", path, "", headers...)
}

func (v *visitor) post(path, body string, headers ...string) answer {
	v.t.Helper()
	return v.ask("POST", path, body, append([]string{"Content-Type: application/json"}, headers...)...)
}

func (v *visitor) ask(method, path, body string, headers ...string) answer {
	v.t.Helper()
	header := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		header[name] = append(header[name], value) // in the spelling of the test
	}
	got, err := v.send(method, publicURL+path, header, body)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

// bear asks for a path as a program that has nothing but an access token.
func (f *front) bear(t *testing.T, path, token string) answer {
	t.Helper()
	return f.stranger(t).get(path, "Authorization: Bearer "+token)
}

// byDjango reports whether Django has answered.
func (a answer) byDjango() bool { return a.header.Get("X-Answered-By") == "django" }

// mustReach fails the test unless Django has answered, and has let the request pass.
func mustReach(t *testing.T, what string, got answer) {
	t.Helper()
	if !got.byDjango() || got.status != 200 {
		t.Fatalf("%s: want Django's answer, got %v", what, got)
	}
}

// mustStop fails the test unless the request was refused before Django has seen it.
func mustStop(t *testing.T, what string, got answer, status int) {
	t.Helper()
	if got.byDjango() || got.status != status {
		t.Errorf("%s: want %d and not from Django, got %v", what, status, got)
	}
}

// A seen is what Django got with a request. A missing header counts as empty, because nginx leaves out
// headers without a value.
type seen struct {
	Identity      map[string]string
	Authorization string
	Cookie        string
	AccessToken   string `json:"access_token"`
	Path          string
}

func (a answer) seen(t *testing.T) (s seen) {
	t.Helper()
	mustReach(t, "asking Django who somebody is", a)
	if err := json.Unmarshal(a.body, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// stopped calls while Gatehouse is not there, and starts it again.
func (s *djangoShop) stopped(t *testing.T, while func()) {
	t.Helper()
	if err := s.End(os.Interrupt); err != nil {
		t.Errorf("stopping: %v", err)
	}
	while()
	s.again(t)
}
