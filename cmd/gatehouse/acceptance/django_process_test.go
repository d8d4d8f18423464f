//go:build system

package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"gatehouse/cmd/internal/running"
)

// djangoFolder has the shop's Django. python3 is Debian's, because its packages are.
const (
	djangoFolder = "../../../.ci/django"
	python3      = "/usr/bin/python3"
)

// sharedSecret is what SimpleJWT signed with before the cut-over, and what Gatehouse got.
const sharedSecret = "the secret that Django has shared with Gatehouse"

// crewSize is how many people there are besides those of testdata/staff.json, so that a story
// can sign somebody out whom no other story needs.
const crewSize = 200

// crewMember is the address of one of them. All have hana's password.
func crewMember(n int) string { return fmt.Sprintf("crew%d@shop.test", n) }

// A djangoProject is the shop's Django, which runs beside Gatehouse.
type djangoProject struct {
	*running.Process
	socket string
}

// A djangoSeed is what Django has at first: its database, and its people as it exports them.
type djangoSeed struct {
	database []byte
	staff    string
}

// seedOfDjango is made once, because Django takes a second for each of its commands.
var seedOfDjango = sync.OnceValues(func() (seed djangoSeed, err error) {
	dir, err := os.MkdirTemp("", "gatehouse-django")
	if err != nil {
		return seed, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	people, err := everybody()
	if err != nil {
		return seed, err
	}
	if err := os.WriteFile(filepath.Join(dir, "staff.json"), people, 0o600); err != nil {
		return seed, err
	}
	for _, args := range [][]string{{"migrate", "--run-syncdb"}, {"loaddata", "staff.json"}, {"dumpdata", "accounts.staff"}} {
		if seed.staff, err = manage(dir, args...); err != nil {
			return seed, err
		}
	}
	seed.database, err = os.ReadFile(djangoDatabase(dir))
	return seed, err
})

// everybody is testdata/staff.json with the crew, as Django's loaddata reads it.
func everybody() ([]byte, error) {
	content, err := os.ReadFile("testdata/staff.json")
	if err != nil {
		return nil, err
	}
	type row struct {
		Model  string         `json:"model"`
		ID     string         `json:"pk"`
		Fields map[string]any `json:"fields"`
	}
	var rows []row
	if err := json.Unmarshal(content, &rows); err != nil {
		return nil, err
	}
	for n := range crewSize {
		fields := maps.Clone(rows[0].Fields)
		fields["email"] = crewMember(n)
		rows = append(rows, row{rows[0].Model, fmt.Sprintf("0b5c1e00-0000-4000-9000-%012d", n), fields})
	}
	return json.Marshal(rows)
}

// manage runs a command of Django's manage.py on the database of the folder.
func manage(dir string, args ...string) (stdout string, err error) {
	script, err := filepath.Abs(filepath.Join(djangoFolder, "manage.py"))
	if err != nil {
		return "", err
	}
	cmd := exec.Command(python3, append([]string{script}, args...)...)
	var complaint bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, djangoEnvironment(dir), &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("manage.py %s: %w: %s", args[0], err, &complaint)
	}
	return string(out), nil
}

func djangoDatabase(dir string) string { return filepath.Join(dir, "django.sqlite3") }

func djangoEnvironment(dir string, set ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "PYTHONDONTWRITEBYTECODE=1", "DJANGO_SETTINGS_MODULE=shop.settings",
		"SHOP_DATABASE=" + djangoDatabase(dir), "SHOP_SECRET=" + sharedSecret}, set...)
}

// startDjango serves the shop's Django on a socket, with what is set of its settings.
func startDjango(t *testing.T, set ...string) *djangoProject {
	t.Helper()
	seed, err := seedOfDjango()
	if err != nil {
		t.Fatalf("Django does not start; apt-get install python3-djangorestframework-simplejwt gunicorn: %v", err)
	}
	dir := socketFolder(t)
	write(t, djangoDatabase(dir), string(seed.database))
	d := &djangoProject{socket: filepath.Join(dir, "socket")}
	log := running.NewOutput()
	cmd := called(djangoFolder, djangoEnvironment(dir, set...), python3, "-m", "gunicorn",
		"--bind", "unix:"+d.socket, "--umask", "0", "--threads", "8", "--graceful-timeout", "1", "django.core.wsgi:get_wsgi_application()")
	cmd.Stdout, cmd.Stderr = log, log
	if d.Process, err = running.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.End(syscall.SIGTERM) })
	if err := d.Await(log, func(text string) bool { return bytes.Contains([]byte(text), []byte("Listening at")) }); err != nil {
		t.Fatalf("gunicorn does not start: %v\n%s", err, log)
	}
	return d
}

// socketFolder has a path that is short enough for a socket. The proxies run as nobody, and reach it.
func socketFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gatehouse-django")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// visitor speaks with Django past every proxy.
func (d *djangoProject) visitor() *browser {
	b := newBrowser()
	b.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", d.socket)
	}}
	return b
}

// takes reports whether Django by itself lets the owner of an access token in.
func (d *djangoProject) takes(t *testing.T, token string) bool {
	t.Helper()
	got, err := d.visitor().send("GET", "http://django"+jobsPath, http.Header{"Cookie": {"access_token=" + token}}, "")
	if err != nil || got.status != 200 && got.status != 401 {
		t.Fatalf("Django answers %v, %v", got, err)
	}
	return got.status == 200
}

// tokens are what Django itself issues to somebody with hana's password.
func (d *djangoProject) tokens(t *testing.T, email string) (p pair) {
	t.Helper()
	got, err := d.visitor().send("POST", "http://django"+tokenPath, http.Header{"Content-Type": {"application/json"}}, `{"email":"`+email+`","password":"`+hanaPassword+`"}`)
	if err != nil || got.status != 200 {
		t.Fatalf("Django answers %v, %v", got, err)
	}
	var issued struct{ Access, Refresh string }
	if err := json.Unmarshal(got.body, &issued); err != nil {
		t.Fatal(err)
	}
	return pair{issued.Access, issued.Refresh}
}
