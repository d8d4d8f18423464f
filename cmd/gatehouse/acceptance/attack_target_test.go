package acceptance

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Who is attacked, and how she signs in.
const (
	hana         = "hana@shop.test"
	hanaPassword = "nine copper elbows"
	hanaID       = "0b5c1e00-0000-4000-8000-000000000001"
)

// A target is a server whose key the attacker has, so that it can be seen what else than
// the signature protects it.
type target struct {
	*server
	dir    string
	secret string        // of HS256
	key    crypto.Signer // of the others
	// What hana holds.
	access, refresh string
}

const targetSecret = "the secret of the server that is attacked"

// newTarget starts a server that signs with the algorithm. Its tokens travel in cookies, or
// in bodies for whoever asks, and name an issuer and an audience.
func newTarget(t *testing.T, algorithm string, set ...string) *target {
	t.Helper()
	env := environment(append([]string{"ALGORITHM=" + algorithm, "ENABLE_JWT_AUTH=true", "ROTATE_REFRESH_TOKENS=false",
		"ISSUER=https://gate.test", "AUDIENCE=shop",
		"GATEHOUSE_THROTTLE=off", // the attacks show more refused tokens of her session than are answered in a minute
	}, set...)...)
	s := &target{dir: t.TempDir()}
	if algorithm == "HS256" {
		s.secret = targetSecret
		env = append(env, "SECRET_KEY="+s.secret)
	}
	importStaff(t, s.dir, env)
	s.server = serving(t, s.dir, env)
	if s.secret == "" {
		s.key = privateKeyOf(t, s.dir)
	}
	s.access, s.refresh = signIn(t, s.server, hana, hanaPassword)
	return s
}

// signIn returns the tokens of a new session.
func signIn(t testing.TB, s *server, username, password string) (access, refresh string) {
	t.Helper()
	got := s.ask(t, wirePost(tokenPath, credentials(username, password), "X-Token-Transport: body"))
	var pair struct{ Access, Refresh string }
	if err := json.Unmarshal(got.body, &pair); err != nil || pair.Access == "" || pair.Refresh == "" {
		t.Fatalf("%s cannot sign in: %v", username, got)
	}
	return pair.Access, pair.Refresh
}

func credentials(username, password string) string {
	return `{"username":` + quoted(username) + `,"password":` + quoted(password) + `}`
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // strings can be encoded
	return string(encoded)
}

func privateKeyOf(t *testing.T, dir string) crypto.Signer {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "data", "signing-key-*.pem"))
	if len(files) != 1 {
		t.Fatalf("the server has %d keys", len(files))
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(content)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

// sign completes the first two parts of a token with the key of the server.
func (s *target) sign(signed string) string {
	switch key := s.key.(type) {
	case *ecdsa.PrivateKey:
		digest := sha256.Sum256([]byte(signed))
		r, half, _ := ecdsa.Sign(rand.Reader, key, digest[:]) // a good key always signs
		return signed + "." + b64(append(r.FillBytes(make([]byte, 32)), half.FillBytes(make([]byte, 32))...))
	case ed25519.PrivateKey:
		return signed + "." + b64(ed25519.Sign(key, []byte(signed)))
	}
	return signed + "." + b64(macOf(s.secret, signed))
}

func macOf(secret, signed string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

func b64(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func unb64(part string) string {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		panic(err) // it is a part of a token of ours
	}
	return string(bytes)
}

// jwks is what the server publishes of its key.
func (s *target) jwks(t *testing.T) string {
	return string(s.ask(t, wireGet("/.well-known/jwks.json")).body)
}

// mustStand checks that the attacks have not harmed the server or its good tokens.
func (s *target) mustStand(t *testing.T) {
	t.Helper()
	me := s.ask(t, wireGet(mePath, "Authorization: Bearer "+s.access))
	refreshed := s.ask(t, wirePost(refreshPath, `{"refresh":"`+s.refresh+`"}`, "X-Token-Transport: body"))
	if me.status != http.StatusOK || refreshed.status != http.StatusOK {
		t.Fatalf("what is good is refused afterwards: %v, %v", me, refreshed)
	}
}

const (
	mePath      = "/accounts/me/"
	refreshPath = tokenPath + "refresh/"
	verifyPath  = tokenPath + "verify/"
	logoutPath  = "/accounts/logout/"
	changePath  = "/accounts/api/password/change/"
)

// A door is a place where a token is shown.
type door struct {
	name string
	// kind is the type of token that opens it; empty for either.
	kind string
	send func(token string) string
	// carries reports whether a text can be sent there as it is: a line is over at its end,
	// a cookie at a semicolon, and what is around a value is no part of it.
	carries func(token string) bool
	// inHeader: the answer is in the words of JWTAuthentication.
	inHeader bool
}

var doors = []door{
	{"refresh, body", "refresh", func(token string) string {
		return wirePost(refreshPath, `{"refresh":`+quoted(token)+`}`, "X-Token-Transport: body")
	}, inBody, false},
	{"refresh, cookie", "refresh", func(token string) string {
		return wirePost(refreshPath, "", "Cookie: refresh_token="+token)
	}, inCookie, false},
	{"verify, body", "", func(token string) string {
		return wirePost(verifyPath, `{"token":`+quoted(token)+`}`)
	}, inBody, false},
	{"me, header", "access", func(token string) string {
		return wireGet(mePath, "Authorization: Bearer "+token)
	}, inHeader, true},
	{"me, cookie", "access", func(token string) string {
		return wireGet(mePath, "Cookie: access_token="+token)
	}, inCookie, true},
}

func inBody(token string) bool   { return strings.TrimSpace(token) == token }
func inHeader(token string) bool { return plain(token) && !strings.ContainsAny(token, " \t") }
func inCookie(token string) bool {
	return plain(token) && strings.Trim(token, " \t") == token && !strings.Contains(token, ";") && !strings.HasPrefix(token, `"`)
}

// plain reports whether a header can hold the text: with another one it is no HTTP.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
