package acceptance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A tokenAttack is one of the cases of the list in cmd/dev/attack, by its id.
type tokenAttack struct {
	id string
	// forge makes texts from a genuine token.
	forge func(f forger) []string
	// detail is how they are refused where it is not as invalid.
	detail string
	// kinds are the types of token that are forged: both, if empty.
	kinds string
}

// A forger makes bad tokens out of a good one, and signs them with the server's own key.
type forger struct {
	*target
	t      *testing.T
	kind   string // refresh or access
	good   string
	header string // both parts as JSON
	claims string
}

func (s *target) forger(t *testing.T, kind string) forger {
	good := map[string]string{"access": s.access, "refresh": s.refresh}[kind]
	parts := strings.Split(good, ".")
	return forger{s, t, kind, good, unb64(parts[0]), unb64(parts[1])}
}

// signed is a token of any two texts.
func (f forger) signed(header, payload string) string {
	return f.sign(b64([]byte(header)) + "." + b64([]byte(payload)))
}

// headers are the token with each of these headers.
func (f forger) headers(all ...string) (tokens []string) {
	for _, header := range all {
		tokens = append(tokens, f.signed(header, f.claims))
	}
	return tokens
}

// member returns the object with the value for name, in the place of any other. With "" for a
// value the member is taken out.
func member(object, name, value string) string {
	inside := strings.TrimSuffix(strings.TrimPrefix(object, "{"), "}")
	members := slices.DeleteFunc(strings.Split(inside, ","), func(m string) bool { return strings.HasPrefix(m, `"`+name+`":`) })
	if value != "" {
		members = append(members, `"`+name+`":`+value)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// withHeader are the token with a member of its header set to each of the values.
func (f forger) withHeader(name string, values ...string) (tokens []string) {
	for _, value := range values {
		tokens = append(tokens, f.signed(member(f.header, name, value), f.claims))
	}
	return tokens
}

// withClaim are the token with a claim set to each of the values.
func (f forger) withClaim(name string, values ...string) (tokens []string) {
	for _, value := range values {
		tokens = append(tokens, f.signed(f.header, member(f.claims, name, value)))
	}
	return tokens
}

// Every attack on the structure and on the meaning of tokens, through every door that
// tokens pass, against each of the algorithms.
func TestTokenAttacks(t *testing.T) {
	t.Parallel()
	attacks := slices.Concat(spellingAttacks, headerAttacks, payloadAttacks, meaningAttacks)
	for _, algorithm := range []string{"HS256", "ES256", "EdDSA"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, algorithm)
			s.mustOpen(t)
			for _, attack := range attacks {
				t.Run(attack.id, func(t *testing.T) {
					if n := s.attack(t, attack); n == 0 {
						t.Error("nothing was sent")
					}
					s.mustStand(t)
				})
			}
		})
	}
}

// mustOpen checks that every door opens for what a forger makes of a good token without
// changing it: else the attacks would prove nothing.
func (s *target) mustOpen(t *testing.T) {
	t.Helper()
	for _, d := range doors {
		f := s.forger(t, max(d.kind, "access"))
		for _, token := range []string{f.good, f.signed(f.header, f.claims), f.signed(f.header, member(f.claims, "x", "1"))} {
			if got := s.ask(t, d.send(token)); got.status != http.StatusOK {
				t.Fatalf("%s: a good token is refused: %v", d.name, got)
			}
		}
	}
}

// attack returns how many requests were sent.
func (s *target) attack(t *testing.T, attack tokenAttack) (sent int) {
	for _, d := range doors {
		for _, kind := range []string{"access", "refresh"} {
			if d.kind != "" && d.kind != kind || attack.kinds != "" && attack.kinds != kind {
				continue
			}
			for _, token := range attack.forge(s.forger(t, kind)) {
				if d.carries(token) {
					sent++
					d.mustRefuse(t, s.ask(t, d.send(token)), token, attack.detail)
				}
			}
		}
	}
	return sent
}

// mustRefuse checks that an answer gives nothing away and nothing out. Every text that is
// no token of ours is refused in the same words.
func (d door) mustRefuse(t *testing.T, got answer, token, detail string) {
	t.Helper()
	if detail == "" {
		detail = "Token is invalid"
	}
	want := fmt.Sprintf(`{"detail":%q,"code":"token_not_valid"}`, detail)
	if d.inHeader && detail != wasNobodys { // for which it has other words
		want = fmt.Sprintf(`{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":%q}]}`, detail)
	}
	switch {
	case len(token) > 8<<10 && slices.Contains([]int{400, 413, 431}, got.status):
	case strings.Contains(token, "\x00") && got.status == 400:
	case token == "" && slices.Contains([]int{400, 401}, got.status):
	case got.status != http.StatusUnauthorized || string(got.body) != want:
		t.Errorf("%s: %.300q\n got %d %.300s\nwant 401 %s", d.name, token, got.status, got.body, want)
	}
	for _, line := range got.header.Values("Set-Cookie") {
		if !strings.Contains(line, "=; Path=/; Max-Age=0;") {
			t.Errorf("%s: %.300q: a cookie is set", d.name, token)
		}
	}
}
