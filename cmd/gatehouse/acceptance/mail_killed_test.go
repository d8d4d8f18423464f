package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/smtpmail/smtptest"
	"gatehouse/cmd/internal/running"
)

// Whoever was told that a letter is on its way gets it, however often the mail server and the
// service are killed meanwhile. A letter may come twice, under the same id.
func TestNoLetterIsLost(t *testing.T) {
	t.Parallel()
	const cycles, each = 50, 2
	h := newPostalHouse(t, cycles*each)
	for cycle := range cycles {
		before := h.mail.kept()
		for n := range each {
			h.ask(cycle*each + n)
		}
		if cycle%3 > 0 { // the letter has been kept and not yet acknowledged
			h.must(h.mail.awaitKept(before + 1))
		}
		h.restartMail()
		if cycle%5 == 0 {
			h.restartService()
		}
	}
	h.awaitAll()
	sent, lost, again := h.count()
	t.Logf("%d cycles: %d letters acknowledged, %d received, %d lost, %d received once more", cycles, len(h.asked), sent, lost, again)
	if lost > 0 || sent != cycles*each {
		t.Errorf("%d letters are lost", lost)
	}
}

// A postalHouse is a service with many people and a mail server, either of which can be killed.
type postalHouse struct {
	t        *testing.T
	dir, box string
	env      []string
	service  *server
	mail     *mailServer
	flags    []string
	browser  *browser
	asked    map[string]bool // addresses whose request was acknowledged
}

func newPostalHouse(t *testing.T, people int) *postalHouse {
	t.Helper()
	h := &postalHouse{t: t, dir: t.TempDir(), box: t.TempDir(), browser: newBrowser(), asked: map[string]bool{}}
	cert, key, err := smtptest.NewCertificate(t.TempDir(), time.Now())
	h.must(err)
	h.flags = []string{"-cert", cert, "-key", key, "-user", "gate", "-password", "a password for the mail server", "-pause", "20ms"}
	h.mail, err = startMailServer(h.box, "127.0.0.1:0", h.flags...)
	h.must(err)
	t.Cleanup(func() { _ = h.mail.End(os.Kill) })
	h.env = append(environment("SSL_CERT_FILE="+cert, "EMAIL_HOST_USER=gate", "EMAIL_HOST_PASSWORD=a password for the mail server",
		"PASSWORD_RESET_LIFETIME=1h", "GATEHOUSE_THROTTLE=off", "EMAIL_TIMEOUT=5s"), h.mail.settings()...)
	h.env = append(h.env, "EMAIL_USE_TLS=true")
	if _, stderr, status := runProgram(t, h.dir, h.env, crowdOf(people), "staff", "import", "-"); status != 0 {
		t.Fatalf("importing: %s", stderr)
	}
	h.startService()
	t.Cleanup(func() { _ = h.service.End(os.Interrupt) })
	return h
}

// crowdOf is an export of so many people, who have no password yet.
func crowdOf(people int) string {
	var objects []map[string]any
	for n := range people {
		objects = append(objects, map[string]any{"model": "accounts.staff", "pk": fmt.Sprintf("00000000-0000-4000-8000-%012d", n), "fields": map[string]any{
			"email": numbered(n), "first_name": "Person", "last_name": fmt.Sprint(n), "password": "!", "is_active": true,
		}})
	}
	text, _ := json.Marshal(objects) // texts can be encoded
	return string(text)
}

func numbered(n int) string { return fmt.Sprintf("person%d@shop.test", n) }

func (h *postalHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v\nthe mail server: %s\nthe service: %.3000s", err, h.mail.Stderr, h.service.Stderr)
	}
}

func (h *postalHouse) startService() {
	h.t.Helper()
	var err error
	if h.service, err = startServer(h.dir, h.env); err != nil {
		h.t.Fatalf("the service does not start: %v", err)
	}
}

func (h *postalHouse) ask(n int) {
	h.t.Helper()
	got, err := h.browser.send(http.MethodPost, h.service.url+"/accounts/api/password/reset/",
		http.Header{"Content-Type": {"application/json"}}, `{"email":`+quoted(numbered(n))+`}`)
	h.must(err)
	if got.status != 200 {
		h.t.Fatalf("the answer is %v", got)
	}
	h.asked[numbered(n)] = true
}

func (h *postalHouse) restartMail() {
	h.t.Helper()
	_ = h.mail.End(os.Kill)
	next, err := startMailServer(h.box, h.mail.address, h.flags...)
	h.must(err)
	h.mail = next
}

func (h *postalHouse) restartService() {
	h.t.Helper()
	_ = h.service.End(os.Kill)
	h.startService()
}

// awaitAll waits until nothing is in the outbox any more.
func (h *postalHouse) awaitAll() {
	h.t.Helper()
	for deadline := time.Now().Add(4 * running.Patience); time.Now().Before(deadline); {
		stdout, _, _ := runProgram(h.t, h.dir, h.env, "", "db", "info", "--json")
		if strings.Contains(stdout, `"outbox": 0,`) {
			return
		}
	}
	h.t.Fatalf("letters still wait\n%s", h.service.Stderr)
}

// count compares the letters that were received with those that were asked for.
func (h *postalHouse) count() (sent, lost, again int) {
	h.t.Helper()
	mails, err := smtptest.Mails(h.box)
	h.must(err)
	ids := map[string]string{}
	for _, letter := range mails {
		_, rest, _ := strings.Cut(letter.Text, "Message-ID: <")
		id, _, found := strings.Cut(rest, ">")
		if !found || !linkInText.MatchString(mustText(h.t, letter.Text)) {
			h.t.Errorf("a letter to %s is not whole", letter.To)
		}
		if other, twice := ids[id]; twice {
			again++
			if other != letter.To {
				h.t.Errorf("%s and %s have letters of one id", other, letter.To)
			}
		}
		ids[id] = letter.To
	}
	received := map[string]int{}
	for _, to := range ids {
		received[to]++
	}
	for to := range h.asked {
		switch received[to] {
		case 0:
			lost++
			h.t.Logf("nothing has come to %s", to)
		case 1:
			sent++
		default:
			h.t.Errorf("%s has %d letters of different ids", to, received[to])
		}
	}
	if leftovers, _ := filepath.Glob(filepath.Join(h.box, "*.part")); len(leftovers) > 0 {
		h.t.Logf("%d letters were cut off while they were kept", len(leftovers))
	}
	return sent, lost, again
}

func mustText(t *testing.T, letter string) string {
	t.Helper()
	_, text, err := plainText(letter)
	if err != nil {
		t.Error(err)
	}
	return text
}
