package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"gatehouse/cmd/internal/running"
)

// A person is what a client knows of one member of staff. One visitor alone acts for them.
type person struct {
	id, email string
	password  string
	// version counts the changes of the password that were answered.
	version int64
	// next is the password of a change that was asked for and not answered, or "".
	next string
	// signedInWith is the password that was tried last after a restart.
	signedInWith string
	sessions     []*session
}

func newPerson(n int) *person {
	return &person{id: running.PersonID(n), email: emailOf(n), password: running.Password}
}

// running are the sessions that must still work.
func (p *person) running() []*session {
	return slices.DeleteFunc(slices.Clone(p.sessions), func(s *session) bool { return s.ended })
}

// A session is what its client knows of it.
type session struct {
	id     string
	owner  *person
	access string
	// refresh is the newest token that was answered, of this generation; previous and
	// older are the two before.
	refresh, previous, older string
	generation               int64
	ended                    bool
	// maybeRotated and maybeEnded: something was asked for that has not been answered.
	maybeRotated, maybeEnded bool
	// confirmed: that it is over was looked up in the database.
	confirmed bool
}

// A kind is what a client asks for.
type kind string

// The kinds.
const (
	kindSignIn    kind = "sign-in"
	kindWrong     kind = "wrong password"
	kindRefresh   kind = "refresh"
	kindRace      kind = "racing refresh"
	kindReplay    kind = "replay"
	kindLogout    kind = "logout"
	kindBlacklist kind = "blacklist"
	kindRevoke    kind = "revoke"
	kindPassword  kind = "password change"
	kindMe        kind = "me"
	kindList      kind = "sessions"
)

// An acknowledgement is a reply that says that something has been done, and which line of
// the audit trail must tell of it.
type acknowledgement struct {
	kind      kind
	requestID string
	event     string // its kind
	outcome   string
	person    string
	session   string // "" where the line names none
}

// A tally counts what has come of it all. It may be used concurrently.
type tally struct {
	mu           sync.Mutex
	acknowledged map[kind]int
	refused      int // 503
	unanswered   int
	checked      int // effects
	lost         []string
}

func newTally() *tally { return &tally{acknowledged: map[kind]int{}} }

func (t *tally) acknowledge(k kind) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.acknowledged[k]++
}

func (t *tally) refuse() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused++
}

func (t *tally) noAnswer() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unanswered++
}

// check counts one effect that was looked for, and says so if it is not there.
func (t *tally) check(there bool, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.checked++
	if !there {
		t.lost = append(t.lost, fmt.Sprintf(format, args...))
	}
}

// losses returns what was lost.
func (t *tally) losses() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.lost)
}

func (t *tally) refusals() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refused
}

// counts returns how often each kind was acknowledged.
func (t *tally) counts() map[kind]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.acknowledged)
}

// all returns how often anything was acknowledged.
func (t *tally) all() (n int) {
	for _, count := range t.counts() {
		n += count
	}
	return n
}

// writes returns how often something was acknowledged that is written down.
func (t *tally) writes() (n int) {
	for k, count := range t.counts() {
		if k != kindMe && k != kindList {
			n += count
		}
	}
	return n
}

// verdict is nil if nothing was lost.
func (t *tally) verdict() error {
	lost := t.losses()
	if len(lost) == 0 {
		return nil
	}
	return fmt.Errorf("%w:\n  %s", errLost, strings.Join(lost[:min(len(lost), 10)], "\n  "))
}
