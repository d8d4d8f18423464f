package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A recorded case is a request to the shop's Django and what it answered, except where
// the product answers otherwise on purpose.
type recorded struct {
	Case    string
	Tokens  map[string]djangoToken // {name} in the requests stands for one
	SignIn  string                 `json:"sign_in"` // whose tokens are {access} and {refresh}
	Before  []recordedRequest
	Request recordedRequest
	// The answers where tokens travel in bodies, and in cookies, or in both modes.
	Body, Cookie, Both *recordedAnswer
}

type recordedRequest struct {
	Method, Path string
	Headers      map[string]string
	Body         string
	BodyBase64   []byte `json:"body_base64"` // of a body that is not UTF-8
}

// A recordedAnswer is what matters of an answer. In its texts <access token of hana>
// stands for such a token, <second refresh token of hana> for the one that replaces a
// token of the shop's Django, <words> for any text, <due token of hana> for what says that
// her change of the password is due, <deleted> for a cookie that is deleted, and {url} for the public URL.
type recordedAnswer struct {
	Status  int
	Allow   string
	JSON    any
	Cookies map[string]string
}

const recordedSecret = "the-secret-of-the-shop's-django-0123456789"

// Everything that the shop's apps were told by Django they are told by Gatehouse, with
// tokens in bodies and in cookies.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"body", "cookie"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := newReplay(t, mode)
			for _, c := range recordedCases(t) {
				if want := c.answer(mode); want != nil {
					t.Run(c.Case, func(t *testing.T) {
						t.Parallel()
						r.run(t, c, *want)
					})
				}
			}
		})
	}
}

func recordedCases(t *testing.T) (cases []recorded) {
	t.Helper()
	files, err := filepath.Glob("testdata/recorded/*.json")
	if err != nil || len(files) != 5 {
		t.Fatalf("found %d files: %v", len(files), err)
	}
	for _, file := range files {
		var some []recorded
		readJSON(t, file, &some)
		for _, c := range some {
			c.Case = strings.TrimSuffix(filepath.Base(file), ".json") + " " + c.Case
			cases = append(cases, c)
		}
	}
	return cases
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func (c recorded) answer(mode string) *recordedAnswer {
	if c.Both != nil {
		return c.Both
	}
	return map[string]*recordedAnswer{"body": c.Body, "cookie": c.Cookie}[mode]
}

// A replay is a server in one of the two modes, and the people that it knows.
type replay struct {
	url string
	ids map[string]string // by name
}

func newReplay(t *testing.T, mode string) replay {
	dir := t.TempDir()
	env := environment("SECRET_KEY="+recordedSecret, "ACCEPT_DJANGO_TOKENS_UNTIL=2999-01-01T00:00:00Z",
		fmt.Sprintf("ENABLE_JWT_AUTH=%t", mode == "cookie"), "GATEHOUSE_THROTTLE=off") // the cases are no attack
	importStaff(t, dir, env)
	return replay{serving(t, dir, env).url, namesOfStaff(t)}
}

// namesOfStaff are the ids of the people in testdata/staff.json, by the start of their
// addresses.
func namesOfStaff(t *testing.T) map[string]string {
	t.Helper()
	var people []struct {
		PK     string
		Fields struct{ Email string }
	}
	readJSON(t, "testdata/staff.json", &people)
	ids := map[string]string{}
	for _, p := range people {
		name, _, _ := strings.Cut(strings.ToLower(p.Fields.Email), "@")
		name, _, _ = strings.Cut(name, ".")
		ids[name] = p.PK
	}
	return ids
}

func (r replay) run(t *testing.T, c recorded, want recordedAnswer) {
	symbols := r.symbols(t, c)
	for _, request := range c.Before {
		r.send(t, request, symbols)
	}
	r.compare(t, r.send(t, c.Request, symbols), want)
}

// symbols are what the braces in the requests stand for.
func (r replay) symbols(t *testing.T, c recorded) map[string]string {
	t.Helper()
	symbols := map[string]string{"long": strings.Repeat("x", 70_000)}
	for name, token := range c.Tokens {
		symbols[name] = token.sign(recordedSecret, r.ids[token.Of])
	}
	if c.SignIn == "" {
		return symbols
	}
	token := recordedRequest{Method: http.MethodPost, Path: "/accounts/api/token/",
		Headers: map[string]string{"Content-Type": "application/json", "X-Token-Transport": "body"},
		Body:    `{"username":"` + c.SignIn + `@shop.test","password":"nine copper elbows"}`}
	for _, name := range []string{"access", "refresh"} {
		value, err := lookUp(r.send(t, token, nil).body, name)
		if err != nil {
			t.Fatal(err)
		}
		symbols[name] = value
	}
	return symbols
}

func (r replay) send(t *testing.T, request recordedRequest, symbols map[string]string) answer {
	t.Helper()
	var pairs []string
	for name, value := range symbols {
		pairs = append(pairs, "{"+name+"}", value)
	}
	replacer := strings.NewReplacer(pairs...)
	header := http.Header{}
	for name, value := range request.Headers {
		header.Set(name, replacer.Replace(value))
	}
	body := replacer.Replace(request.Body) + string(request.BodyBase64)
	got, err := newBrowser().send(request.Method, r.url+request.Path, header, body)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
