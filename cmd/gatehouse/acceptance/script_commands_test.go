package acceptance

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // registers the driver

	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/cmd/internal/running"
)

// A stage is what the commands of one script share.
type stage struct {
	server  *server // the last one that was started
	browser *browser
	mail    *mailServer
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// scriptCommands are the commands that the scripts have:
//
//	[!] start [NAME=value…] [flags…]    starts the service in the background and waits until it listens;
//	                                    sets $URL and $ADDRESS. With !, it must give up with exit status 1
//	shutdown [SIGTERM]                  sends SIGINT, or else SIGTERM, and expects exit status 0
//	crash                               sends SIGKILL
//	http METHOD PATH [Header=value…] [field=value…|body|@file]
//	                                    sends a request; fields become a JSON object, or a form if the
//	                                    Content-Type says so. Cookies are kept
//	capture NAME path|cookie:name       puts a part of the last JSON answer, or a cookie, into $NAME
//	curl-lines                          does what the curl commands on the server's standard output say
//	verify-with-jwks TOKEN              checks a token with the keys that the server publishes
//	mint NAME TYPE USER-ID SECRET [claim=JSON…]
//	                                    puts a token as the shop's Django makes it into $NAME
//	refused PROGRAM…, misused PROGRAM…  runs a program whose exit status must be 1, or 2
//	set-version FILE N                  sets the version of a database's schema
//	sql FILE STATEMENT…                 does to a database what any other program could; with !, it must be refused
//	damage FILE OFFSET                  overwrites 64 bytes
//	grow-old DIR                        makes a data folder with old sessions and audit events
//	mail-server                         starts a mail server and sets what the service needs to use it
//	letter ADDRESS N                    waits for the N-th letter to the address and prints it; $UID and $TOKEN
//	                                    are set to what is in its link, if it has one
//	link FILE                           sets $UID and $TOKEN to what is in the link in the file, or in stdout
//	take-code                           sets $CODE to what --start-empty needs by the refusal in stderr
//	await TEXT                          waits until a line of the server's log contains it
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"start":            start,
		"shutdown":         shutDown,
		"crash":            crash,
		"http":             sendHTTP,
		"capture":          capture,
		"curl-lines":       curlLines,
		"verify-with-jwks": verifyToken,
		"mint":             mint,
		"refused":          func(ts *testscript.TestScript, _ bool, args []string) { expectStatus(ts, exitRefused, args) },
		"misused":          func(ts *testscript.TestScript, _ bool, args []string) { expectStatus(ts, exitMisused, args) },
		"set-version":      setVersion,
		"sql":              runSQL,
		"damage":           damage,
		"grow-old":         growOld,
		"await":            await,
		"mail-server":      startMail,
		"letter":           showLetter,
		"link":             takeLink,
		"take-code":        takeCode,
	}
}

var assignment = regexp.MustCompile(`^[A-Z_]+=`)

func start(ts *testscript.TestScript, mustFail bool, args []string) {
	env := scriptEnvironment(ts)
	for len(args) > 0 && assignment.MatchString(args[0]) {
		env, args = append(env, args[0]), args[1:]
	}
	s, err := startServer(ts.MkAbs("."), env, args...)
	if mustFail {
		expectGivingUp(ts, s, err)
		return
	}
	if err != nil {
		ts.Fatalf("the server does not start: %v", err)
	}
	ts.Setenv("URL", s.url)
	ts.Setenv("ADDRESS", s.address)
	stageOf(ts).server = s
}

func expectGivingUp(ts *testscript.TestScript, s *server, err error) {
	if err == nil {
		_ = s.End(os.Kill)
		ts.Fatalf("the server has started")
	}
	show(ts, s)
	if failed, ok := errors.AsType[*exec.ExitError](s.Err); !errors.Is(err, running.ErrEnded) || !ok || failed.ExitCode() != exitRefused {
		ts.Fatalf("the server did not give up with exit status %d: %v, %v", exitRefused, err, s.Err)
	}
}

// scriptEnvironment is what the script has set of the configuration.
func scriptEnvironment(ts *testscript.TestScript) []string {
	env := environment("TMPDIR=" + ts.Getenv("TMPDIR"))
	for _, o := range config.Options() {
		for _, name := range []string{o.Name, o.Name + "_FILE"} {
			if value := ts.Getenv(name); value != "" {
				env = append(env, name+"="+value)
			}
		}
	}
	return env
}

func shutDown(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts).server
	signal := os.Interrupt
	if len(args) > 0 && args[0] == "SIGTERM" {
		signal = syscall.SIGTERM
	}
	asked := time.Now()
	err := s.End(signal)
	show(ts, s)
	ts.Check(err)
	if took := time.Since(asked); took > promisedDrain {
		ts.Fatalf("the server took %v to stop", took)
	}
}

func crash(ts *testscript.TestScript, _ bool, _ []string) {
	s := stageOf(ts).server
	_ = s.End(os.Kill)
	show(ts, s)
}

// show makes what the server has written visible to the commands stdout and stderr.
func show(ts *testscript.TestScript, s *server) {
	_, _ = ts.Stdout().Write([]byte(s.Stdout.String()))
	_, _ = ts.Stderr().Write([]byte(s.Stderr.String()))
}

func sendHTTP(ts *testscript.TestScript, mustFail bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: http METHOD PATH [Header=value…] [field=value…|body|@file]")
	}
	header, body := requestOf(ts, args[2:])
	got, err := stageOf(ts).browser.send(args[0], ts.Getenv("URL")+args[1], header, body)
	switch {
	case mustFail && err == nil:
		ts.Fatalf("there is an answer: %v", got)
	case !mustFail:
		ts.Check(err)
		_, _ = ts.Stdout().Write([]byte(got.String()))
	}
}

func requestOf(ts *testscript.TestScript, args []string) (header http.Header, body string) {
	header = http.Header{}
	fields := map[string]string{}
	for _, arg := range args {
		name, value, named := strings.Cut(arg, "=")
		file, fromFile := strings.CutPrefix(arg, "@")
		switch {
		case fromFile:
			body = ts.ReadFile(file)
		case !named || strings.ContainsAny(arg[:1], "{[<"):
			body = arg
		case unicode.IsUpper(rune(name[0])):
			header.Add(name, value)
		default:
			fields[name] = value
		}
	}
	if len(fields) > 0 {
		body = encode(fields, header.Get("Content-Type"))
	}
	if body != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return header, body
}

func encode(fields map[string]string, contentType string) string {
	if contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, value)
		}
		return form.Encode()
	}
	encoded, _ := json.Marshal(fields) // strings can be encoded
	return string(encoded)
}

func capture(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: capture NAME path|cookie:name")
	}
	b := stageOf(ts).browser
	if name, ok := strings.CutPrefix(args[1], "cookie:"); ok {
		if b.cookies[name] == "" {
			ts.Fatalf("there is no cookie %s", name)
		}
		ts.Setenv(args[0], b.cookies[name])
		return
	}
	value, err := lookUp(b.last.body, args[1])
	ts.Check(err)
	ts.Setenv(args[0], value)
}

func verifyToken(ts *testscript.TestScript, _ bool, args []string) {
	keys, err := stageOf(ts).browser.send(http.MethodGet, ts.Getenv("URL")+"/.well-known/jwks.json", nil, "")
	ts.Check(err)
	claims, err := verifyWithJWKS(keys.body, args[0])
	ts.Check(err)
	ts.Check(json.NewEncoder(ts.Stdout()).Encode(claims))
}

func mint(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: mint NAME TYPE USER-ID SECRET [claim=JSON…]")
	}
	token := djangoToken{Type: args[1], Claims: map[string]any{}}
	for _, arg := range args[4:] {
		name, text, _ := strings.Cut(arg, "=")
		var value any
		ts.Check(json.Unmarshal([]byte(text), &value))
		token.Claims[name] = value
	}
	ts.Setenv(args[0], token.sign(args[3], args[2]))
}

func expectStatus(ts *testscript.TestScript, want int, args []string) {
	err := ts.Exec(args[0], args[1:]...)
	if failed, ok := errors.AsType[*exec.ExitError](err); !ok || failed.ExitCode() != want {
		ts.Fatalf("the exit status is not %d: %v", want, err)
	}
}

var codeInText = regexp.MustCompile(`--start-empty ([0-9a-f]{8})(?: |$)`)

func takeCode(ts *testscript.TestScript, _ bool, _ []string) {
	all := codeInText.FindAllStringSubmatch(strings.TrimSpace(ts.ReadFile("stderr")), -1)
	if all == nil {
		ts.Fatalf("there is no code")
	}
	ts.Setenv("CODE", all[len(all)-1][1])
}

func setVersion(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec("PRAGMA user_version = " + args[1])
	ts.Check(errors.Join(err, db.Close()))
}

func runSQL(ts *testscript.TestScript, mustFail bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(strings.Join(args[1:], ";"))
	ts.Check(db.Close())
	if mustFail != (err != nil) {
		ts.Fatalf("the result is %v", err)
	}
}

func damage(ts *testscript.TestScript, _ bool, args []string) {
	offset, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = file.WriteAt([]byte(strings.Repeat("\xa5", 64)), offset)
	ts.Check(errors.Join(err, file.Close()))
}
