//go:build system

package acceptance

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// wayTo is a proxy for outgoing connections, as the one of a network, that leads all of them to one
// address. It returns its URL.
func wayTo(t *testing.T, address string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go lead(conn, address)
		}
	}()
	return "http://" + listener.Addr().String()
}

// lead answers a CONNECT, or hands on a plain request, and then copies both ways.
func lead(conn net.Conn, address string) {
	defer func() { _ = conn.Close() }()
	from := bufio.NewReader(conn)
	request, err := http.ReadRequest(from)
	if err != nil {
		return
	}
	to, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	if request.Method == http.MethodConnect {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	} else {
		_ = request.Write(to)
	}
	go func() {
		_, _ = io.Copy(to, from)
		_ = to.Close()
	}()
	_, _ = io.Copy(conn, to)
}

// check runs the check of the proxy as an operator does, through the public name.
func (f *front) check(t *testing.T, args ...string) (out, errs string, status int) {
	t.Helper()
	env := append([]string{"HTTPS_PROXY=" + wayTo(t, f.address), "SSL_CERT_FILE=" + filepath.Join(f.dir, "cert.pem"), "HTTP_PROXY=" + f.plainWay}, f.shop.env...)
	return runProgram(t, f.shop.dir, env, "", append([]string{"proxy", "--check", "https://" + publicHost}, args...)...)
}

// verdictOf is the line about a question.
func verdictOf(out, question string) string {
	for line := range strings.Lines(out) {
		if strings.Contains(line, question) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// mustFind fails unless the check says that the one question has the wrong answer, and that the others do not.
func mustFind(t *testing.T, out, errs string, status int, question string) {
	t.Helper()
	if status != 1 || !strings.HasPrefix(verdictOf(out, question), "BAD") || !strings.Contains(errs, "see the lines that say BAD") {
		t.Errorf("%s: exit status %d, %s\n%s", question, status, errs, out)
	}
}

// The check says that all is well if it is, and leaves nothing behind.
func TestTheCheckOfAProxy(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, django *otherProgram) {
		before := f.shop.operator(t, "audit", "list", "--json", "--limit", "1000")
		file := filepath.Join(f.dir, "installed")
		printed := f.shop.operator(t, "proxy", f.name, "--django", django.address)
		write(t, file, strings.Replace(printed, "/etc/ssl/shop.example.pem", "/etc/letsencrypt/live/fullchain.pem", 1))
		out, errs, status := f.check(t, "--file", file)
		if status != 0 || errs != "" || strings.Contains(out, "BAD") {
			t.Errorf("exit status %d, %s\n%s", status, errs, out)
		}
		for _, question := range []string{"/api/accounts/token/refresh/ is answered by Gatehouse", "/accounts/me/ in other spellings", "/.well-known/jwks.json/", "/api/accounts/staff/ is not answered by Gatehouse", "/healthz is not", "a false X-Forwarded-For", file + " is what"} {
			if got := verdictOf(out, question); !strings.HasPrefix(got, "good") {
				t.Errorf("%s: %q", question, got)
			}
		}
		if got := verdictOf(out, "false X-Original-URL"); !strings.HasPrefix(got, "unseen") {
			t.Errorf("what cannot be seen is told as %q", got)
		}
		if after := f.shop.operator(t, "audit", "list", "--json", "--limit", "1000"); after != before {
			t.Errorf("the check is in the audit trail: %s", after)
		}
		for _, r := range django.take() {
			if r.Method != "OPTIONS" {
				t.Errorf("Django was asked %s %s", r.Method, r.URL)
			}
		}
		write(t, file, strings.Replace(printed, "|logout|", "|", 1))
		out, errs, status = f.check(t, "--file", file)
		mustFind(t, out, errs, status, file+" is what")
	})
}

// What is wrong with a proxy is found through it.
func TestFaultsOfAProxyAreFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct{ instead, of, question string }{
		{"$proxy_add_x_forwarded_for;  # and not", "$remote_addr;  # and not", "a false X-Forwarded-For"},
		{"|log-out|me|password_change|password_reset((;[^/]*)?/+(confirm))?|login|sessions", "|logout|me|password_change|password_reset((;[^/]*)?/+(confirm))?|login|sessions", "/accounts/logout/ is answered by Gatehouse"},
		{`location ~ "^`, `location ~* "^`, "/accounts/api/token/ in other spellings"},
		{`location ~* "^/api/accounts/|`, `location ~* "`, "/api/accounts/staff/ is not answered by Gatehouse"},
		{`location ~* "^/healthz|`, `location ~* "`, "/healthz is not"},
	} {
		t.Run(fault.question, func(t *testing.T) {
			t.Parallel()
			django := newOther(t, http.HandlerFunc(djangos))
			shop := newPublicShop(t)
			file := shop.operator(t, "proxy", "nginx", "--django", django.address)
			f := proxies[0].with(t, shop, replaceOnce(t, file, fault.of, fault.instead))
			out, errs, status := f.check(t)
			mustFind(t, out, errs, status, fault.question)
		})
	}
}

// Where nobody has told Gatehouse of its proxy, all people have one address, and the check says so.
func TestTheCheckFindsThatTheProxyIsNotTrusted(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, _ *otherProgram) {
		out, errs, status := f.check(t)
		mustFind(t, out, errs, status, "a false X-Forwarded-For")
		if got := verdictOf(out, "a false X-Forwarded-For"); !strings.Contains(got, "put 127.0.0.1 in GATEHOUSE_TRUSTED_PROXIES") {
			t.Errorf("it says %q", got)
		}
	}, "GATEHOUSE_TRUSTED_PROXIES=")
}

// Without the service, or with the key of another one, nothing can be told, and the check says that.
func TestProxyCheckNeedsTheService(t *testing.T) {
	withDjango(t, func(t *testing.T, f *front, _ *otherProgram) {
		other := t.TempDir()
		env := append(f.shop.env, "GATEHOUSE_DATA_DIR="+other)
		if _, errs, status := runProgram(t, f.shop.dir, env, "", "proxy", "--check", "https://"+publicHost); status != 1 || !strings.Contains(errs, "audit.key") {
			t.Errorf("without a key: exit status %d, %s", status, errs)
		}
		write(t, filepath.Join(other, "audit.key"), strings.Repeat("2a", 32)+"\n")
		if out, errs, status := runProgram(t, f.shop.dir, env, "", "proxy", "--check", "https://"+publicHost); status != 1 || out != "" || !strings.Contains(errs, "does not answer as the one of this data folder") {
			t.Errorf("with another key: exit status %d, %s", status, errs)
		}
		if out, errs, status := runProgram(t, f.shop.dir, f.shop.env, "", "proxy", "--check", "https://"+freeAddress(t)); status != 1 || out != "" || !strings.Contains(errs, "nobody answers at the URL") {
			t.Errorf("where nobody answers: exit status %d, %s\n%s", status, errs, out)
		}
		if _, errs, status := runProgram(t, f.shop.dir, f.shop.env, "", "proxy", "--check", "shop"); status != 2 || !strings.Contains(errs, "such as https://shop.example") {
			t.Errorf("with no URL: exit status %d, %s", status, errs)
		}
	})
}
