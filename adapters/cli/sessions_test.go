package cli_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// withSessions is a shop where the first person is signed in twice and the second once. An
// hour has passed since. The third person's time is over.
func withSessions(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	s.save(t, porttest.Person(1), porttest.Person(2), porttest.Person(3))
	sessions := []domain.Session{
		porttest.Session(1, porttest.Person(1)), porttest.Session(2, porttest.Person(1)),
		porttest.Session(3, porttest.Person(2)), porttest.Session(4, porttest.Person(3)),
	}
	sessions[1].CreatedAt = porttest.Noon.Add(time.Minute)
	sessions[1].UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	sessions[1].Use(domain.Client{Address: netip.MustParseAddr("2001:db8::7")}, porttest.Noon.Add(time.Hour+7*time.Millisecond))
	sessions[2].UserAgent, sessions[2].Address, sessions[2].LastAddress = "", netip.Addr{}, netip.Addr{}
	sessions[2].AdoptedToken = "0123"
	sessions[3].ExpiresAt = porttest.Noon.Add(time.Hour)
	s.signIn(t, sessions...)
	s.clock.Advance(time.Hour)
	return s
}

func TestSessionsList(t *testing.T) {
	s := withSessions(t)
	const header = "CREATED                    LAST USED                  STAFF                 ADDRESS      USER AGENT                                ID\n"
	const first = `2026-03-03T01:00:00+13:00  2026-03-03T01:00:00+13:00  Person1@example.test  192.0.2.7    test/1.0                                  00000000000000000000000000000001
2026-03-03T01:01:00+13:00  2026-03-03T02:00:00+13:00  Person1@example.test  2001:db8::7  Mozilla/5.0 (X11; Linux x86_64; rv:140.…  00000000000000000000000000000002
`
	same(t, s.do(t, "sessions", "list"), header+first+
		"2026-03-03T01:00:00+13:00  2026-03-03T01:00:00+13:00  Person2@example.test  -            -                                         00000000000000000000000000000003\n")
	same(t, s.do(t, "sessions", "list", "--staff", "PERSON1@example.test"), header+first)
	same(t, s.do(t, "sessions", "list", "--staff", "person3@example.test"), "CREATED  LAST USED  STAFF  ADDRESS  USER AGENT  ID\n")
}

func TestSessionsListJSON(t *testing.T) {
	same(t, newShop().do(t, "sessions", "list", "--json"), "[]\n")
	s := withSessions(t)
	same(t, s.do(t, "sessions", "list", "--json", "--staff", "person2@example.test"), `[
  {
    "id": "00000000000000000000000000000003",
    "staff_id": "00000000-0000-4000-8000-000000000002",
    "email": "Person2@example.test",
    "created_at": "2026-03-02T12:00:00.000Z",
    "last_used_at": "2026-03-02T12:00:00.000Z",
    "expires_at": "2026-04-01T12:00:00.000Z",
    "address": null,
    "last_address": null,
    "user_agent": null,
    "django_token_adopted": true
  }
]
`)
	type sessionJSON struct {
		ID          string
		LastUsedAt  string `json:"last_used_at"`
		Address     string
		LastAddress string `json:"last_address"`
		UserAgent   string `json:"user_agent"`
		Adopted     bool   `json:"django_token_adopted"`
	}
	all := parsed[[]sessionJSON](t, s.do(t, "sessions", "list", "--json"))
	want := sessionJSON{
		"00000000000000000000000000000002", "2026-03-02T13:00:00.007Z", "192.0.2.7", "2001:db8::7",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", false,
	}
	if len(all) != 3 || all[1] != want {
		t.Errorf("the list is %+v, want three, the second of them %+v", all, want)
	}
}

// Whatever a browser calls itself, it takes one short column and drives no terminal.
func TestSessionsListIsSafe(t *testing.T) {
	for agent, shown := range map[string]string{
		"a\x1b[2J\u202eb\tc\nd\xff":   `a\x1b[2J\u202eb\tc\nd\xff`,
		strings.Repeat("ô", 40):       strings.Repeat("ô", 40),
		strings.Repeat("ô", 41):       strings.Repeat("ô", 39) + "…",
		strings.Repeat("\x1b", 10000): strings.Repeat(`\x1b`, 10)[:39] + "…",
	} {
		s := newShop()
		s.save(t, porttest.Person(1))
		session := porttest.Session(1, porttest.Person(1))
		session.UserAgent = agent
		s.signIn(t, session)
		if out := s.do(t, "sessions", "list"); !strings.Contains(out, "  "+shown+"  0") || strings.Count(out, "\n") != 2 {
			t.Errorf("want %q in\n%q", shown, out)
		}
		for _, r := range s.do(t, "sessions", "list", "--json") {
			if r != '\n' && (r < ' ' || r == 0x202e) {
				t.Errorf("JSON holds %U", r)
			}
		}
	}
}

func TestSessionsRevoke(t *testing.T) {
	s := withSessions(t)
	const id = "00000000000000000000000000000002"
	same(t, s.do(t, "sessions", "revoke", id), "session "+id+" is over\n")
	if out := s.do(t, "sessions", "list"); strings.Contains(out, id) || strings.Count(out, "\n") != 3 {
		t.Errorf("afterwards there are\n%s", out)
	}
	same(t, s.do(t, "sessions", "revoke", id), "session "+id+" was already over\n")
	s.mustHaveEnded(t, id, domain.EndRevoked)
	events := parsed[[]eventJSON](t, s.do(t, "audit", "list", "--json", "--kind", "session_end"))
	if len(events) != 1 || *events[0].SessionID != id || *events[0].Operator != "root" || *events[0].Reason != "by_operator" {
		t.Errorf("the events are %+v, want one by the operator", events)
	}
}

func TestSessionsRevokeUnknown(t *testing.T) {
	s := withSessions(t)
	s.refuse(t, false, `there is no session x\x1b[2J: see gatehouse sessions list`, "sessions", "revoke", "x\x1b[2J")
	s.refuse(t, false, "there is no session 00000000000000000000000000000009: see gatehouse sessions list",
		"sessions", "revoke", "00000000000000000000000000000009")
	s.refuse(t, true, "the id of a session is missing", "sessions", "revoke", "")
}

func TestStaffRevokeSessions(t *testing.T) {
	s := withSessions(t)
	for _, step := range []struct{ who, said string }{
		{"PERSON1@example.test", "Person1@example.test is signed out everywhere: 2 sessions have ended\n"},
		{"person1@example.test", "Person1@example.test is signed out everywhere: there was no session to end\n"},
		{"person2@example.test", "Person2@example.test is signed out everywhere: 1 session has ended\n"},
	} {
		same(t, s.do(t, "staff", "revoke-sessions", step.who), step.said)
	}
	for _, id := range []domain.SessionID{"00000000000000000000000000000001", "00000000000000000000000000000002", "00000000000000000000000000000003"} {
		s.mustHaveEnded(t, id, domain.EndRevoked)
	}
	s.mustHaveEnded(t, "00000000000000000000000000000004", "")
	if staff, _ := s.account(t, "person1@example.test"); !staff.IsActive || !staff.SessionsEndedAt.Equal(s.clock.Now()) {
		t.Errorf("the account is %+v, want it open, and earlier tokens of Django of no use", staff)
	}
	if events := parsed[[]eventJSON](t, s.do(t, "audit", "list", "--json", "--kind", "staff_revoke_sessions")); len(events) != 3 {
		t.Errorf("the events are %+v, want one for each command", events)
	}
}

func (s *shop) mustHaveEnded(t *testing.T, id domain.SessionID, want domain.EndReason) {
	t.Helper()
	var session domain.Session
	s.update(t, func(r ports.Records) (err error) {
		session, err = r.Sessions().ByID(id)
		return err
	})
	if session.EndReason != want || session.Over() != (want != "") {
		t.Errorf("session %s ended by %q, want %q", id, session.EndReason, want)
	}
}
