//go:build system

package acceptance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// publicHost is the shop's name.
const publicHost = "shop.example"

// A proxy is a program that does TLS in front of Gatehouse, with the file that gatehouse prints for it.
type proxy struct {
	name string // as of gatehouse proxy
	// settle puts what is the machine's in the place of what the file says, and writes what else the
	// program needs. What the file says of Gatehouse and Django stays.
	settle func(t *testing.T, at place, file string)
	start  func(at place) *exec.Cmd
	test   func(at place) *exec.Cmd // only reads the file
}

// A place is what a test gives a proxy.
type place struct{ dir, address string }

func (p place) file(name string) string { return filepath.Join(p.dir, name) }

var proxies = []proxy{
	{"nginx", func(t *testing.T, at place, file string) {
		file = replaceOnce(t, file, "listen 80;", "listen "+strings.Replace(at.address, "127.0.0.1", "127.0.0.8", 1)+";")
		file = replaceOnce(t, file, "listen 443 ", "listen "+at.address+" ")
		file = replaceOnce(t, file, "/etc/ssl/shop.example.pem", at.file("cert.pem"))
		file = replaceOnce(t, file, "/etc/ssl/shop.example.key", at.file("key.pem"))
		write(t, at.file("gatehouse.conf"), file)
		settleNginx(t, at)
	}, func(at place) *exec.Cmd {
		return exec.Command("nginx", "-p", at.dir, "-c", at.file("nginx.conf"), "-e", "stderr")
	}, func(at place) *exec.Cmd {
		return exec.Command("nginx", "-t", "-q", "-p", at.dir, "-c", at.file("nginx.conf"), "-e", "stderr")
	}},
	{"caddy", func(t *testing.T, at place, file string) {
		_, port, _ := net.SplitHostPort(at.address)
		file = replaceOnce(t, file, "\nhttps://shop.example {\n", "\nhttps://shop.example:"+port+" {\n\tbind 127.0.0.1\n\ttls "+at.file("cert.pem")+" "+at.file("key.pem")+"\n")
		file = replaceOnce(t, file, "\n{\n", "\n{\n\tadmin off\n\tauto_https disable_redirects\n")
		write(t, at.file("Caddyfile"), file)
	}, func(at place) *exec.Cmd {
		return exec.Command("caddy", "run", "--config", at.file("Caddyfile"), "--adapter", "caddyfile")
	}, func(at place) *exec.Cmd {
		return exec.Command("caddy", "validate", "--config", at.file("Caddyfile"), "--adapter", "caddyfile")
	}},
}

// settleNginx writes the file around the one in conf.d.
func settleNginx(t *testing.T, at place) {
	t.Helper()
	write(t, at.file("nginx.conf"), "daemon off;\nworker_processes 1;\npid "+at.file("nginx.pid")+";\nevents { worker_connections 2048; }\nhttp {\naccess_log off;\n"+
		"client_body_temp_path "+at.file("body")+";\nproxy_temp_path "+at.file("proxy")+";\nfastcgi_temp_path "+at.file("fastcgi")+";\n"+
		"uwsgi_temp_path "+at.file("uwsgi")+";\nscgi_temp_path "+at.file("scgi")+";\ninclude "+at.file("gatehouse.conf")+";\n}\n")
}

// replaceOnce insists that the document says what the test replaces.
func replaceOnce(t *testing.T, document, old, with string) string {
	t.Helper()
	if strings.Count(document, old) != 1 {
		t.Fatalf("the file has %q %d times, want once", old, strings.Count(document, old))
	}
	return strings.Replace(document, old, with, 1)
}

// A front is a proxy that runs, and the shop behind it.
type front struct {
	name    string
	dir     string
	address string // at which it does TLS
	shop    *shopServer
	trust   *tls.Config
	log     *running.Output
	// plainWay leads plain HTTP to the shop's name somewhere; "" leads nowhere.
	plainWay string
	// restarting is held while the shop is not there.
	restarting sync.RWMutex
}

// throughEach runs a test with each proxy in front of a shop of its own.
func throughEach(t *testing.T, test func(*testing.T, *front), set ...string) {
	t.Parallel()
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			test(t, p.before(t, newPublicShop(t, set...)))
		})
	}
}

// newPublicShop starts a service at an address that it keeps when it is started again, and
// that believes its proxy.
func newPublicShop(t *testing.T, set ...string) *shopServer {
	t.Helper()
	s := &shopServer{dir: t.TempDir(), env: environment(append([]string{"ENABLE_JWT_AUTH=true", "GATEHOUSE_LISTEN=" + freeAddress(t),
		"GATEHOUSE_PUBLIC_URL=https://" + publicHost, "GATEHOUSE_TRUSTED_PROXIES=127.0.0.0/8"}, set...)...)}
	importStaff(t, s.dir, s.env)
	s.again(t)
	t.Cleanup(func() { _ = s.End(os.Interrupt) }) // whichever runs then
	return s
}

// lastPort was given out last. Each process starts somewhere else, so that two rarely meet.
var lastPort atomic.Int64

func init() { lastPort.Store(int64(os.Getpid()) * 97) }

// freeAddress returns an address at which nothing listens. This process gives each address out
// only once. Outgoing connections cannot take it by chance, because their ports are higher.
func freeAddress(t *testing.T) string {
	t.Helper()
	const first, ports = 10_000, 20_000
	for range ports {
		address := fmt.Sprintf("127.0.0.1:%d", first+lastPort.Add(1)%ports)
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("there is no free port")
	return ""
}

// nobody is the account of the proxies when the tests run as root.
const nobody = 65534

// before starts the proxy in front of the shop with the file that gatehouse prints for it with these
// wishes.
func (p proxy) before(t *testing.T, shop *shopServer, wishes ...string) *front {
	t.Helper()
	return p.with(t, shop, shop.operator(t, append([]string{"proxy", p.name}, wishes...)...))
}

// with starts the proxy with a file.
func (p proxy) with(t *testing.T, shop *shopServer, file string) *front {
	t.Helper()
	at := newPlace(t)
	f := &front{name: p.name, dir: at.dir, address: at.address, shop: shop, trust: certificate(t, at), log: running.NewOutput()}
	p.settle(t, at, file)
	cmd := p.start(at)
	cmd.Stdout, cmd.Stderr = f.log, f.log
	confine(t, cmd, at.dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	f.awaitListening(t)
	return f
}

// newPlace is a folder that any account can reach, and a free address.
func newPlace(t *testing.T) place {
	t.Helper()
	dir, err := os.MkdirTemp("", "gatehouse-proxy")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return place{dir, freeAddress(t)}
}

// confine gives a program of the proxy the folder and nothing else.
func confine(t *testing.T, cmd *exec.Cmd, dir string) {
	t.Helper()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	cmd.Dir, cmd.SysProcAttr = dir, unprivileged(t, dir)
}

// unprivileged gives the folder to the account nobody, and lets a process run as it. Without root
// neither can be done, and nothing changes.
func unprivileged(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range append(files, dir) {
		if err := os.Chown(file, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

func (f *front) awaitListening(t *testing.T) {
	t.Helper()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for deadline := time.Now().Add(running.Patience); ; <-every.C {
		conn, err := tls.Dial("tcp", f.address, f.trust)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not start: %v\n%s", f.name, err, f.log)
		}
	}
}

// certificate makes one for the shop's name, and returns how clients trust it.
func certificate(t *testing.T, at place) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{publicHost}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, at.file("cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, at.file("key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	parsed, _ := x509.ParseCertificate(der) // it was just made
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{RootCAs: pool, ServerName: publicHost}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
