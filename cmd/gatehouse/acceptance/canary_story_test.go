package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A story is a server and somebody who does everything that can be done with it, right
// and wrong, with secrets that must not come out.
type story struct {
	*nest
	t      *testing.T
	dir    string
	env    []string
	server *server
	mail   *mailServer
	// mailFlags start it again.
	mailFlags []string
}

const tokenPath = "/accounts/api/token/"

// Nothing secret that is typed, sent or configured is written anywhere: not to the log,
// not to the database or another file, not by a command. A password is in the database as
// its hash, and tokens are not there at all.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	s := &story{nest: newNest(), t: t, dir: t.TempDir()}
	s.env = environment("SIGNING_KEY="+s.add("the signing key")+" and enough of it", "SECRET_KEY="+s.add("Django's secret key"),
		"ENABLE_JWT_AUTH=true", "GATEHOUSE_TRUSTED_PROXIES=127.0.0.1", "ACCEPT_DJANGO_TOKENS_UNTIL=2999-01-01T00:00:00Z")
	s.setsUpMail()
	s.begin()

	password := s.operatorSetsPassword()
	password = s.usesLinks(password)
	password = s.changesPassword(password)
	s.signsInAndOut(password)
	s.guesses()
	s.sendsNonsense()
	s.operatorErrs()

	s.read(t, "while the server runs", filepath.Join(s.dir, "data"))
	if s.outputs["gatehouse.db-wal while the server runs"] == "" {
		t.Error("the write-ahead log is empty: this test looks at too little")
	}
	s.program("", 0, "backup", "copy.db")
	s.read(s.t, "in the backup", filepath.Join(s.dir, "copy.db"))
	s.audits()
	s.end()
}

func (s *story) begin() {
	s.t.Helper()
	importStaff(s.t, s.dir, s.env)
	s.server = serving(s.t, s.dir, s.env)
}

// end stops the server and looks at everything that has been written.
func (s *story) end() {
	s.t.Helper()
	if err := s.server.End(os.Interrupt); err != nil {
		s.t.Errorf("the server does not stop: %v", err)
	}
	log := s.server.Stderr.String()
	if strings.Contains(log, `"level":"error"`) {
		s.t.Errorf("something has gone wrong in the server:\n%s", log)
	}
	s.outputs["the log"], s.outputs["standard output of the server"] = log, s.server.Stdout.String()
	s.read(s.t, "at the end", filepath.Join(s.dir, "data"))
	s.addKeys()
	for _, found := range s.found() {
		s.t.Error(found)
	}
}

// addKeys makes canaries of the keys that the server has made, which may be in their own
// files only.
func (s *story) addKeys() {
	s.t.Helper()
	keys := 0
	for name, content := range s.outputs {
		if !strings.Contains(name, ".key ") && !strings.Contains(name, ".pem ") {
			continue
		}
		delete(s.outputs, name)
		for line := range strings.SplitSeq(strings.TrimSpace(content), "\n") {
			if !strings.HasPrefix(line, "-----") {
				keys++
				s.canaries[fmt.Sprintf("line %q of %s", line, name)] = line
			}
		}
	}
	if keys == 0 {
		s.t.Error("the server has made no keys")
	}
}

// program runs a command and keeps what it writes.
func (s *story) program(stdin string, wantStatus int, args ...string) {
	s.t.Helper()
	stdout, stderr, status := runProgram(s.t, s.dir, s.env, stdin, args...)
	name := fmt.Sprintf("gatehouse %s (%d)", strings.Join(args[:2], " "), len(s.outputs))
	s.outputs["standard output of "+name], s.outputs["standard error of "+name] = stdout, stderr
	if status != wantStatus {
		s.t.Errorf("the exit status of %v is %d, want %d: %s", args, status, wantStatus, stderr)
	}
}

// send sends a request and checks the status.
func (s *story) send(b *browser, wantStatus int, method, path string, header http.Header, body string) answer {
	s.t.Helper()
	got, err := b.send(method, s.server.url+path, header, body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != wantStatus {
		s.t.Errorf("%s %s %.100s: the status is %d, want %d: %s", method, path, body, got.status, wantStatus, got.body)
	}
	return got
}

// post sends fields in JSON, from a program.
func (s *story) post(b *browser, wantStatus int, path string, fields map[string]string) answer {
	s.t.Helper()
	body, _ := json.Marshal(fields) // strings can be encoded
	if fields == nil {
		body = nil
	}
	return s.send(b, wantStatus, http.MethodPost, path, http.Header{"Content-Type": {"application/json"}}, string(body))
}

func (s *story) operatorSetsPassword() (password string) {
	password = s.add("the password that the operator sets")
	s.program(password+"\n", 0, "staff", "set-password", "hana@shop.test")
	s.program(strings.Repeat(s.add("a password that is too long"), 100), 1, "staff", "set-password", "hana@shop.test")
	s.program(s.add("a password with a NUL")+"\x00", 1, "staff", "set-password", "hana@shop.test")
	s.program("", 2, "staff", "set-password", "hana@shop.test", s.add("a password on the command line"))
	s.program("", 2, "staff", "delete", "hana@shop.test", s.add("another one on the command line"))
	s.program("", 1, "staff", "set-password", "nobody@shop.test")
	return password
}

func (s *story) changesPassword(password string) (changed string) {
	b := newBrowser()
	const path = "/accounts/api/password/change/"
	changed = s.add("the password that hana chooses")
	s.post(b, 200, tokenPath, map[string]string{"username": "hana@shop.test", "password": password})
	s.post(b, 401, path, map[string]string{"username": "hana@shop.test", "old_password": s.add("a wrong old password"), "new_password": changed})
	s.post(b, 400, path, map[string]string{"username": "hana@shop.test", "old_password": password, "new_password": strings.Repeat(s.add("a new password that is too long"), 100)})
	s.post(b, 401, path, map[string]string{"username": s.add("a password in the place of an address"), "old_password": password, "new_password": changed})
	s.post(b, 200, path, map[string]string{"username": "hana@shop.test", "old_password": password, "new_password": changed})
	form := url.Values{"username": {"carla@shop.test"}, "old_password": {s.add("a wrong password on the page")},
		"new_password": {s.add("a new password on the page")}, "new_password_again": {s.add("another new password on the page")}}
	s.send(b, 400, http.MethodPost, "/accounts/password_change/", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, form.Encode())
	return changed
}

func (s *story) signsInAndOut(password string) {
	b := newBrowser()
	s.post(b, 401, tokenPath, map[string]string{"username": "hana@shop.test", "password": s.add("a wrong password")})
	s.post(b, 401, tokenPath, map[string]string{"username": s.add("a password as the address"), "password": password})
	s.post(b, 200, tokenPath, map[string]string{"username": "hana@shop.test", "password": password})
	access, refresh := b.cookies["access_token"], b.cookies["refresh_token"]
	s.addToken("the access cookie", access)
	s.addToken("the refresh cookie", refresh)
	s.send(b, 200, http.MethodGet, "/accounts/me/", nil, "")
	s.post(b, 200, tokenPath+"refresh/", nil)
	s.addToken("the second access cookie", b.cookies["access_token"])
	s.post(b, 401, tokenPath+"refresh/", map[string]string{"refresh": access})
	s.post(b, 401, tokenPath+"refresh/", map[string]string{"refresh": refresh + s.add("what is wrong with a token")})
	s.post(b, 401, tokenPath+"verify/", map[string]string{"token": strings.TrimSuffix(access, access[len(access)-4:])})
	s.post(b, 200, "/accounts/logout/", nil)
	s.post(newBrowser(), 401, tokenPath+"refresh/", map[string]string{"refresh": refresh})
	s.signsInForTheBody(password)
	s.usesDjangoToken()
}

// guesses goes on until nothing is compared any more, everywhere.
func (s *story) guesses() {
	b := newBrowser()
	header := func(kind string) http.Header {
		return http.Header{"Content-Type": {kind}, "X-Forwarded-For": {"203.0.113.77"}}
	}
	try := func(status int) {
		s.t.Helper()
		guess, next := s.add(fmt.Sprint("a guess answered ", status)), s.add(fmt.Sprint("a new password answered ", status))
		const who = "guessed@shop.test"
		for path, fields := range map[string]map[string]string{
			tokenPath: {"username": who, "password": guess}, "/accounts/api/password/change/": {"username": who, "old_password": guess, "new_password": next},
		} {
			body, _ := json.Marshal(fields) // strings can be encoded
			s.send(b, status, http.MethodPost, path, header("application/json"), string(body))
		}
		form := url.Values{"username": {who}, "password": {guess}, "old_password": {guess}, "new_password": {next}, "new_password_again": {next}}.Encode()
		for _, path := range []string{"/accounts/login/", "/accounts/password_change/"} {
			s.send(b, status, http.MethodPost, path, header("application/x-www-form-urlencoded"), form)
		}
	}
	try(401)
	s.send(b, 401, http.MethodPost, tokenPath, header("application/json"), `{"username":"guessed@shop.test","password":"the fifth"}`)
	try(429)
}

func (s *story) signsInForTheBody(password string) {
	fields, _ := json.Marshal(map[string]string{"username": "hana@shop.test", "password": password})
	header := http.Header{"Content-Type": {"application/json"}, "X-Token-Transport": {"body"}}
	tokens := s.send(newBrowser(), 200, http.MethodPost, tokenPath, header, string(fields))
	for _, name := range []string{"access", "refresh"} {
		token, err := lookUp(tokens.body, name)
		if err != nil {
			s.t.Fatal(err)
		}
		s.addToken("the "+name+" token in the body", token)
	}
}

func (s *story) usesDjangoToken() {
	const ines = "0b5c1e00-0000-4000-8000-000000000005"
	key := strings.TrimPrefix(s.env[indexOf(s.env, "SIGNING_KEY=")], "SIGNING_KEY=")
	token := djangoToken{Type: "refresh"}.sign(key, ines)
	s.addToken("the token of the shop's Django", token)
	s.post(newBrowser(), 200, tokenPath+"verify/", map[string]string{"token": token})
	s.post(newBrowser(), 200, tokenPath+"refresh/", map[string]string{"refresh": token})
	expired := djangoToken{Type: "refresh", Times: map[string]int64{"exp": -1}}.sign(key, ines)
	s.addToken("an expired token", expired)
	s.post(newBrowser(), 401, tokenPath+"blacklist/", map[string]string{"refresh": expired})
}

func indexOf(list []string, prefix string) int {
	for i, text := range list {
		if strings.HasPrefix(text, prefix) {
			return i
		}
	}
	return -1
}

// operatorErrs makes the mistakes of an operator.
func (s *story) operatorErrs() {
	s.program(`[{"model":"accounts.staff","pk":"`+s.add("an id")+`","fields":{"email":"`+s.add("half an export"), 1, "staff", "import", "-")
	s.program("id,email,password,is_active,date_left\n"+s.add("an id in CSV")+",tui@shop.test,"+s.add("a password in CSV")+","+
		s.add("a boolean")+","+s.add("a date"), 1, "staff", "import", "-")
	s.program("", 0, "check-config", "--leeway=1s")
	s.env = append(s.env, "TIME_ZONE=Auckland")
	s.program("", 1, "check-config", "--leeway=2s")
	s.env = s.env[:len(s.env)-1]
}

// audits looks at what an operator can see of it all.
func (s *story) audits() {
	s.program("", 0, "audit", "list", "--limit=0")
	s.program("", 0, "audit", "list", "--limit=0", "--json")
	s.program("", 0, "audit", "export")
	s.program("", 0, "audit", "verify")
	s.program("", 0, "staff", "list", "--json")
	s.program("", 0, "staff", "show", "hana@shop.test")
}
