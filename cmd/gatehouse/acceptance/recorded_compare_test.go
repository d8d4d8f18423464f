package acceptance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gatehouse/cmd/internal/running"
)

// compare checks what matters of an answer, and what every answer must have.
func (r replay) compare(t *testing.T, got answer, want recordedAnswer) {
	t.Helper()
	challenge := ""
	if want.Status == http.StatusUnauthorized {
		challenge = `Bearer realm="api"`
	}
	for what, pair := range map[string][2]any{
		"status":           {got.status, want.Status},
		"Allow":            {got.header.Get("Allow"), want.Allow},
		"Content-Type":     {got.header.Get("Content-Type"), "application/json"},
		"Cache-Control":    {got.header.Get("Cache-Control"), "no-store"},
		"WWW-Authenticate": {got.header.Get("WWW-Authenticate"), challenge},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, want %v", what, pair[0], pair[1])
		}
	}
	var body any
	if err := json.Unmarshal(got.body, &body); err != nil && len(got.body) > 0 {
		t.Errorf("the body is no JSON: %v", err)
	}
	r.compareJSON(t, "the body", body, want.JSON)
	r.compareCookies(t, got.header.Values("Set-Cookie"), want.Cookies)
	if t.Failed() {
		t.Logf("the answer is\n%v", got)
	}
}

func (r replay) compareJSON(t *testing.T, where string, got, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			r.compareJSON(t, where+"."+name, object[name], want[name])
		}
		for name := range object {
			if _, wanted := want[name]; !wanted {
				t.Errorf("%s has a member %s", where, name)
			}
		}
	case []any:
		list, _ := got.([]any)
		if len(list) != len(want) {
			t.Errorf("%s is %v, want %v", where, got, want)
			return
		}
		for i := range want {
			r.compareJSON(t, fmt.Sprintf("%s[%d]", where, i), list[i], want[i])
		}
	case string:
		text, isText := got.(string)
		if problem := r.compareText(text, want); problem != "" || !isText {
			t.Errorf("%s is %v, want %s: %s", where, got, want, problem)
		}
	default:
		if got != want {
			t.Errorf("%s is %v, want %v", where, got, want)
		}
	}
}

var tokenSymbol = regexp.MustCompile(`^<(access|refresh|second refresh) token of (\w+)>$`)

// compareText says what is wrong with a text.
func (r replay) compareText(got, want string) string {
	if symbol := tokenSymbol.FindStringSubmatch(want); symbol != nil {
		_, problem := checkToken(got, symbol[1], r.ids[symbol[2]])
		return problem
	}
	switch {
	case want == "<words>" && strings.Contains(got, " "), got == strings.ReplaceAll(want, "{url}", r.url):
		return ""
	}
	return "it differs"
}

// An issue is what a kind of token that was issued just now is like.
type issue struct {
	tokenType  string
	generation json.Number   // as in the claim gen
	lifetime   time.Duration // at most
	spent      time.Duration // and how much of it may have passed before
}

var (
	hexID  = regexp.MustCompile(`^[0-9a-f]{32}$`)
	issues = map[string]issue{
		"access":  {"access", "", 15 * time.Minute, 0},
		"refresh": {"refresh", "1", 30 * 24 * time.Hour, 0},
		// A token that replaces a token of the shop's Django has the same lifetime.
		"second refresh": {"refresh", "2", djangoLifetime, running.Patience},
	}
)

// checkToken says how many seconds a token lasts that was issued just now, and what is
// wrong with it.
func checkToken(token, kind, user string) (lifetime int64, problem string) {
	var claims struct {
		TokenType string `json:"token_type"`
		Exp, Iat  int64
		Jti, Sid  string
		UserID    string `json:"user_id"`
		Gen       json.Number
	}
	parsed, err := jwt.ParseWithClaims(token, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return []byte(recordedSecret), nil })
	if err != nil {
		return 0, err.Error()
	}
	header, payload, _ := strings.Cut(parsed.Raw, ".")
	payload, _, _ = strings.Cut(payload, ".")
	text, _ := base64.RawURLEncoding.DecodeString(payload) // it was parsed
	if err := json.Unmarshal(text, &claims); err != nil {
		return 0, err.Error()
	}
	now, want := time.Now().Unix(), issues[kind]
	lifetime = claims.Exp - claims.Iat
	spent := want.lifetime - time.Duration(lifetime)*time.Second
	switch {
	case header != base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)):
		problem = "the header is not SimpleJWT's"
	case claims.TokenType != want.tokenType, claims.UserID != user:
		problem = "it is of another type, or of somebody else"
	case claims.Iat > now || claims.Iat < now-int64(running.Patience/time.Second):
		problem = "it was not issued now"
	case spent < 0 || spent > want.spent:
		problem = "its lifetime is another"
	case !hexID.MatchString(claims.Jti), !hexID.MatchString(claims.Sid), claims.Gen != want.generation:
		problem = "jti, sid or gen is wrong"
	}
	return lifetime, problem
}

// compareCookies compares whole Set-Cookie lines, attributes and all.
func (r replay) compareCookies(t *testing.T, got []string, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d cookies are set, want %d", len(got), len(want))
	}
	for _, line := range got {
		name, rest, _ := strings.Cut(line, "=")
		value, attributes, _ := strings.Cut(rest, "; ")
		age := int64(0)
		if symbol := tokenSymbol.FindStringSubmatch(want[name]); symbol != nil {
			lifetime, problem := checkToken(value, symbol[1], r.ids[symbol[2]])
			if age = lifetime; problem != "" {
				t.Errorf("the cookie %s is %q: %s", name, value, problem)
			}
		} else if owner, due := strings.CutPrefix(want[name], "<due token of "); due {
			age = 600
			if id := r.ids[strings.TrimSuffix(owner, ">")]; !strings.HasPrefix(value, "1."+id+".") {
				t.Errorf("the cookie %s is %q, want one of %s", name, value, id)
			}
		} else if want[name] != "<deleted>" || value != "" {
			t.Errorf("the cookie %s is %q, want %q", name, value, want[name])
		}
		if w := fmt.Sprintf("Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Lax", age); attributes != w {
			t.Errorf("the attributes of %s are %q, want %q", name, attributes, w)
		}
	}
}
