package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// The members of staff have one password, which the service stores like this. Each has as
// many sessions as one person can have by default. Signing in is for others, one for each
// connection: one person does not sign in many times at once.
const (
	sessionsEach = 20
	password     = "first day of work"
	passwordHash = "argon2$argon2id$v=19$m=19456,t=2,p=1$03guU0xauBr280hN0f6XaQ$ugHg7uxvZU9OZeiM5WGw62+Sr4eE2Yr6vPImLsNzHcg"
)

// A fleet is the servers that are measured.
type fleet struct {
	dir              string
	limit, gatehouse *server
	last             int      // of the people who have sessions
	tokens           []tokens // of one session each
}

type tokens struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
}

// A server is one process.
type server struct {
	command *exec.Cmd
	url     string
}

// launch builds the service, starts everything and opens sessions.
func launch(ctx context.Context, sessions int) (f *fleet, err error) {
	f = &fleet{}
	defer func() {
		if err != nil {
			f.stop()
		}
	}()
	if f.dir, err = os.MkdirTemp("", "gatehouse-benchmark-"); err != nil {
		return f, err
	}
	if f.limit, err = startLimit(ctx); err != nil {
		return f, err
	}
	if f.gatehouse, err = f.startGatehouse(ctx, sessions); err != nil {
		return f, err
	}
	for n := range sessions {
		pair, err := signIn(f.gatehouse.url, 1+n/sessionsEach)
		if err != nil {
			return f, err
		}
		f.tokens = append(f.tokens, pair)
	}
	return f, nil
}

func (f *fleet) stop() {
	for _, s := range []*server{f.limit, f.gatehouse} {
		if s != nil {
			_ = s.command.Process.Kill()
			_ = s.command.Wait()
		}
	}
	_ = os.RemoveAll(f.dir)
}

func startLimit(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self, limitMode)
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	return &server{command, "http://" + string(bytes.TrimSpace([]byte(address)))}, err
}

func (f *fleet) startGatehouse(ctx context.Context, sessions int) (*server, error) {
	binary := filepath.Join(f.dir, "gatehouse")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./cmd/gatehouse")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the service: %w\n%s", err, out)
	}
	environment := append(os.Environ(),
		"GATEHOUSE_DATA_DIR="+filepath.Join(f.dir, "data"), "GATEHOUSE_LISTEN=127.0.0.1:0", "SECRET_KEY="+sharedSecret)
	f.last = sessions / sessionsEach
	if err := importPeople(ctx, binary, environment, f.last+sessions+1); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, binary, "serve")
	command.Env = environment
	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	address, err := listening(log)
	return &server{command, "http://" + address}, err
}

// importPeople brings in members of staff 0 to last, as Django would export them.
func importPeople(ctx context.Context, binary string, environment []string, last int) error {
	command := exec.CommandContext(ctx, binary, "staff", "import", "-")
	command.Env = environment
	var export bytes.Buffer
	for n := range last + 1 {
		fmt.Fprintf(&export, `{"model": "accounts.staff", "pk": "00000000-0000-4000-8000-%012d", "fields": {"email": "bench%d@shop.test", "password": "%s"}}`+"\n",
			n, n, passwordHash)
	}
	command.Stdin = &export
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("importing: %w\n%s", err, out)
	}
	return nil
}

// listening reads the log up to the address, and throws the rest away as it comes.
func listening(log io.Reader) (string, error) {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return line.Address, nil
		}
	}
	return "", errors.New("the service has not come up")
}

func signIn(url string, person int) (pair tokens, err error) {
	response, err := http.Post(url+"/accounts/api/token/", "application/json", bytes.NewReader(credentials(person)))
	if err != nil {
		return pair, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return pair, fmt.Errorf("signing in: status %d", response.StatusCode)
	}
	return pair, json.NewDecoder(response.Body).Decode(&pair)
}

func credentials(person int) []byte {
	return fmt.Appendf(nil, `{"username":"bench%d@shop.test","password":"%s"}`, person, password)
}

// A target is one kind of request to one server.
type target struct {
	name    string
	server  *server
	against string // the name of the target whose figures it is compared with
	method  string
	path    string
	// request returns the body and the Authorization header of the n-th connection.
	request func(n int) (body []byte, authorization string)
}

func (f *fleet) targets(only []string) []target {
	mine := func(n int) tokens { return f.tokens[n%len(f.tokens)] }
	all := []target{
		{"bare handler", f.limit, "limit", http.MethodPost, "/bare", func(int) ([]byte, string) { return []byte("{}"), "" }},
		{"limit", f.limit, "limit", http.MethodPost, "/refresh", func(n int) ([]byte, string) {
			return []byte(`{"refresh":"` + mine(n).Refresh + `"}`), ""
		}},
		{"limit, verify only", f.limit, "limit, verify only", http.MethodPost, "/verify", func(n int) ([]byte, string) {
			return []byte(`{"token":"` + mine(n).Access + `"}`), ""
		}},
		{"token/refresh/", f.gatehouse, "limit", http.MethodPost, "/accounts/api/token/refresh/", func(n int) ([]byte, string) {
			return []byte(`{"refresh":"` + mine(n).Refresh + `"}`), ""
		}},
		{"me/", f.gatehouse, "limit, verify only", http.MethodGet, "/accounts/me/", func(n int) ([]byte, string) {
			return nil, "Bearer " + mine(n).Access
		}},
		{"token/verify/", f.gatehouse, "limit, verify only", http.MethodPost, "/accounts/api/token/verify/", func(n int) ([]byte, string) {
			return []byte(`{"token":"` + mine(n).Access + `"}`), ""
		}},
		{"token/", f.gatehouse, "limit", http.MethodPost, "/accounts/api/token/", func(n int) ([]byte, string) { return credentials(f.last + 2 + n), "" }},
	}
	if len(only) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t target) bool { return !slices.Contains(only, t.name) })
}
