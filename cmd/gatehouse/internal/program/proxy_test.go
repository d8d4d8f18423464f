package program

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"
)

var updateProxyDocuments = flag.Bool("update", false, "rewrite docs/nginx.conf and docs/Caddyfile")

// The settings that docs/operations.md states for the two files.
var documented = []string{"GATEHOUSE_PUBLIC_URL=https://shop.example", "GATEHOUSE_LISTEN=127.0.0.1:8080", "GATEHOUSE_GUARD_LISTEN=127.0.0.1:8081", "ENABLE_JWT_AUTH=true"}

// The two files are what the command prints. To write them anew:
//
//	go test ./cmd/gatehouse/internal/program -run TestProxyDocuments -update
func TestProxyDocuments(t *testing.T) {
	t.Parallel()
	for document, program := range map[string]string{"../../../../docs/nginx.conf": "nginx", "../../../../docs/Caddyfile": "caddy"} {
		printed, errs, status := run(documented, "proxy", program, "--django", "unix:/run/gunicorn.sock", "--guard")
		if status != StatusDone {
			t.Fatalf("exit status %d: %s", status, errs)
		}
		if *updateProxyDocuments {
			if err := os.WriteFile(document, []byte(printed), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if there, err := os.ReadFile(document); err != nil || string(there) != printed {
			t.Errorf("%s is not what gatehouse proxy %s prints: run this test with -update (%v)", document, program, err)
		}
	}
}

// run runs the program with these variables and nothing else.
func run(env []string, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = Run(context.Background(), args, Process{
		Getenv: func(name string) string {
			for _, pair := range env {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		},
		Environ: func() []string { return env },
		Stdin:   strings.NewReader(""), Stdout: &out, Stderr: &errs,
		HangUps: make(chan os.Signal),
	})
	return out.String(), errs.String(), status
}

// A file is refused that would not work, or in which a value would mean something else.
func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		set, args string
		status    int
		says      string
	}{
		{"GATEHOUSE_PUBLIC_URL=", "nginx", 1, "set GATEHOUSE_PUBLIC_URL"},
		{"GATEHOUSE_PUBLIC_URL=https://shop.example/a;b", "nginx", 1, "GATEHOUSE_PUBLIC_URL ="},
		{"GATEHOUSE_PUBLIC_URL=https://shop.example/a$b", "nginx", 1, "GATEHOUSE_PUBLIC_URL ="},
		{"GATEHOUSE_PUBLIC_URL=https://{shop}.example", "caddy", 1, "GATEHOUSE_PUBLIC_URL ="},
		{"GATEHOUSE_PUBLIC_URL=https://käse.example", "caddy", 1, "GATEHOUSE_PUBLIC_URL ="},
		{"GATEHOUSE_LISTEN=127.0.0.1:0", "nginx", 1, "GATEHOUSE_LISTEN has port 0"},
		{"GATEHOUSE_GUARD_LISTEN=", "nginx --django 127.0.0.1:8000 --guard", 1, "set it to where the guard listens"},
		{"GATEHOUSE_GUARD_LISTEN=127.0.0.1:0", "nginx --django 127.0.0.1:8000 --guard", 1, "GATEHOUSE_GUARD_LISTEN has port 0"},
		{"AUTH_COOKIE=$a", "nginx --django 127.0.0.1:8000 --guard", 1, "AUTH_COOKIE ="},
		{"GUARD_OPEN_PATHS=/a$b", "nginx --django 127.0.0.1:8000 --guard", 1, "GUARD_OPEN_PATHS"},
		{"", "nginx --guard", 1, "--guard needs --django"},
		{"", "nginx --django 127.0.0.1:8000;", 1, "--django"},
		{"", "nginx --django unix:/run/a b.sock", 1, "--django"},
		{"", "nginx --django http://127.0.0.1:8000", 1, "--django"},
		{"", "nginx --django unix:run/gunicorn.sock", 1, "--django"},
		{"", "nginx --django /run/gunicorn.sock", 1, "--django"},
		{"", "caddy --django localhost:{port}", 1, "--django"},
		{"", "nginx --django 127.0.0.1:99999", 1, "--django"},
		{"", "nginx --django 127.0.0.1:0", 1, "--django"},
		{"", "nginx --max-upload 25", 1, "--max-upload"},
		{"", "nginx --max-upload 25m;", 1, "--max-upload"},
		{"", "apache", 2, "which proxy"},
		{"", "--check shop.example", 2, "--check needs"},
		{"", "--check https://shop.example/?a=b", 2, "--check needs"},
		{"", "--check https://shop.example/#a", 2, "--check needs"},
		{"", "--check https://una@shop.example", 2, "--check needs"},
		{"", "--check http://shop.example", 2, "--check https://shop.example"},
		{"", "nginx caddy", 2, "which proxy"},
		{"", "", 2, "which proxy"},
	} {
		args := []string{"proxy"}
		for i, word := range strings.Split(test.args, " --") {
			flagged := ""
			if i > 0 {
				flagged = "--"
			}
			name, value, _ := strings.Cut(word, " ")
			args = append(args, flagged+name)
			if value != "" {
				args = append(args, value)
			}
		}
		out, errs, status := run(append([]string{test.set}, documented...), args...)
		if status != test.status || !strings.Contains(errs, test.says) || out != "" {
			t.Errorf("%q, %q: exit status %d, %q", test.set, args, status, errs)
		}
	}
}
