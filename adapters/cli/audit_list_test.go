package cli_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

type eventJSON struct {
	Sequence   int
	At         string
	Kind       string
	Outcome    string
	Reason     *string
	StaffID    *string `json:"staff_id"`
	Subject    *string
	SessionID  *string `json:"session_id"`
	Address    *string
	UserAgent  *string `json:"user_agent"`
	RequestID  *string `json:"request_id"`
	Operator   *string
	Actor      *string
	ActorID    *string `json:"actor_id"`
	ActorEmail *string `json:"actor_email"`
	ActorName  *string `json:"actor_name"`
	StaffEmail *string `json:"staff_email"`
	Previous   *string `json:"previous_address"`
	Seal       string
}

// withEvents is a shop with two people and five events at noon in UTC on the days from
// 2 March on.
func withEvents(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	s.save(t, porttest.Person(1), porttest.Person(2))
	guest := domain.Client{Address: netip.MustParseAddr("2001:db8::7"), UserAgent: "curl \u202e\x1b[1m", RequestID: "r1"}
	events := []domain.AuditEvent{
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount, Subject: "0123456789abcdef0123", Client: guest},
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: porttest.Person(1).ID, Session: "abc", Client: guest},
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonLeft, StaffID: porttest.Person(2).ID},
		{Kind: domain.EventStaffDelete, Outcome: domain.OutcomeSuccess, StaffID: porttest.Person(3).ID, Client: domain.Client{Actor: domain.Operator("root")}},
		{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess, Subject: "short", Client: guest},
	}
	s.update(t, func(r ports.Records) error {
		for i, event := range events {
			event.At = porttest.Noon.AddDate(0, 0, i).Add(7 * time.Millisecond)
			if err := r.Audit().Append(event); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func TestAuditList(t *testing.T) {
	s := withEvents(t)
	same(t, s.do(t, "audit", "list"), `TIME                       KIND          OUTCOME  REASON           STAFF                                 ACTOR          ADDRESS      SESSION
2026-03-07T01:00:00+13:00  sign_out      success  -                subject:short                         -              2001:db8::7  -
2026-03-06T01:00:00+13:00  staff_delete  success  -                00000000-0000-4000-8000-000000000003  operator:root  -            -
2026-03-05T01:00:00+13:00  sign_in       blocked  left             Person2@example.test                  -              -            -
2026-03-04T01:00:00+13:00  sign_in       success  -                Person1@example.test                  person         2001:db8::7  abc
2026-03-03T01:00:00+13:00  sign_in       failure  unknown_account  subject:0123456789ab                  -              2001:db8::7  -
`)
}

func TestAuditListJSON(t *testing.T) {
	same(t, newShop().do(t, "audit", "list", "--json"), "[]\n")
	out := withEvents(t).do(t, "audit", "list", "--json", "--outcome", "failure")
	same(t, out, `[
  {
    "sequence": 1,
    "at": "2026-03-02T12:00:00.007Z",
    "at_local": "2026-03-03T01:00:00.007+13:00",
    "kind": "sign_in",
    "outcome": "failure",
    "reason": "unknown_account",
    "staff_id": null,
    "staff_email": null,
    "staff_name": null,
    "subject": "0123456789abcdef0123",
    "session_id": null,
    "address": "2001:db8::7",
    "user_agent": "curl \u202e\u001b[1m",
    "request_id": "r1",
    "actor": null,
    "actor_id": null,
    "actor_email": null,
    "actor_name": null,
    "operator": null,
    "previous_address": null
  }
]
`)
	if agent := parsed[[]eventJSON](t, out)[0].UserAgent; agent == nil || *agent != "curl \u202e\x1b[1m" {
		t.Errorf("the user agent comes back as %v", agent)
	}
}

func TestAuditFilters(t *testing.T) {
	for flags, want := range map[string][]int{
		"":                             {5, 4, 3, 2, 1},
		"--kind sign_in":               {3, 2, 1},
		"--outcome success":            {5, 4, 2},
		"--staff PERSON1@example.test": {2},
		"--staff " + string(porttest.Person(3).ID):   {4},
		"--since 2026-03-04":                         {5, 4, 3, 2},
		"--since 2026-03-05":                         {5, 4, 3},
		"--until 2026-03-04":                         {2, 1},
		"--since 2026-03-04 --until 2026-03-04":      {2},
		"--since 2026-03-04T01:00:00.008+13:00":      {5, 4, 3},
		"--since 2026-03-03T12:00:00Z":               {5, 4, 3, 2},
		"--until 2026-03-03T12:00:00Z":               {1},
		"--limit 2":                                  {5, 4},
		"--limit 0":                                  {5, 4, 3, 2, 1},
		"--kind sign_in --outcome blocked --limit 9": {3},
		"--kind token_refresh":                       nil,
	} {
		t.Run(flags, func(t *testing.T) {
			sequences(t, withEvents(t), want, strings.Fields(flags)...)
		})
	}
	for since, want := range map[string][]int{
		"2026-03-05 01:00":    {5, 4, 3},
		"2026-03-05 01:01":    {5, 4},
		"2026-03-05 01:00:01": {5, 4},
	} {
		sequences(t, withEvents(t), want, "--since", since)
	}
}

func sequences(t *testing.T, s *shop, want []int, flags ...string) {
	t.Helper()
	var got []int
	for _, event := range parsed[[]eventJSON](t, s.do(t, append([]string{"audit", "list", "--json"}, flags...)...)) {
		got = append(got, event.Sequence)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q shows %v, want %v", flags, got, want)
	}
}

func TestAuditListIsLimited(t *testing.T) {
	s := newShop()
	s.update(t, func(r ports.Records) error {
		for range 101 {
			if err := r.Audit().Append(domain.AuditEvent{At: porttest.Noon}); err != nil {
				return err
			}
		}
		return nil
	})
	result := s.run(t, strings.NewReader(""), "audit", "list")
	if lines := strings.Count(result.out.String(), "\n"); lines != 101 {
		t.Errorf("%d lines, want the header and 100 events", lines)
	}
	same(t, result.err.String(), "these are the newest 100 events, there may be more: see --limit, and gatehouse audit export for all\n")
	if result := s.run(t, strings.NewReader(""), "audit", "list", "--limit", "102"); result.err.Len() > 0 {
		t.Errorf("remark %q although all events are shown", &result.err)
	}
}

func TestEveryKindAndOutcomeCanBeAskedFor(t *testing.T) {
	s := newShop()
	manual := find([]string{"audit", "list"}).Description
	for flag, typeName := range map[string]string{"--kind": "EventKind", "--outcome": "Outcome"} {
		values := constants(t, typeName)
		if len(values) < 3 {
			t.Fatalf("only %d constants of type %s found", len(values), typeName)
		}
		for _, value := range values {
			if !strings.Contains(manual, value) {
				t.Errorf("the manual does not name %s: add it to EventKinds in domain/audit_event.go, or to outcomes in audit_filter.go", value)
			}
			same(t, s.do(t, "audit", "list", "--json", flag, value), "[]\n")
		}
	}
}

// constants returns the values of the domain's constants of a type.
func constants(t *testing.T, typeName string) (values []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../domain/audit_event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	return values
}
