package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const csvHeader = "sequence,at,at_local,kind,outcome,reason,staff_id,staff_email,staff_name,subject,session_id,address,user_agent,request_id," +
	"actor,actor_id,actor_email,actor_name,operator,previous_address"

// fromAgents is a shop with an event for each user agent, oldest first.
func fromAgents(t *testing.T, agents ...string) *shop {
	t.Helper()
	s := newShop()
	s.update(t, func(r ports.Records) error {
		for _, agent := range agents {
			client := domain.Client{UserAgent: agent, Address: netip.MustParseAddr("192.0.2.7")}
			if err := r.Audit().Append(domain.NewAuditEvent(domain.EventSignIn, client, porttest.Noon).Decided(nil)); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func exported(t *testing.T, s *shop, flags ...string) (events []eventJSON) {
	t.Helper()
	for line := range strings.Lines(s.do(t, append([]string{"audit", "export"}, flags...)...)) {
		events = append(events, parsed[eventJSON](t, line))
	}
	return events
}

func TestAuditExport(t *testing.T) {
	same(t, newShop().do(t, "audit", "export"), "")
	s := withEvents(t)
	out := s.do(t, "audit", "export", "--staff", "person1@example.test")
	want := `{"sequence":2,"at":"2026-03-03T12:00:00.007Z","at_local":"2026-03-04T01:00:00.007+13:00","kind":"sign_in","outcome":"success","reason":null,` +
		`"staff_id":"00000000-0000-4000-8000-000000000001","staff_email":"Person1@example.test","staff_name":"Tāne Number 1","subject":null,"session_id":"abc","address":"2001:db8::7",` +
		`"user_agent":"curl \u202e\u001b[1m","request_id":"r1","actor":"person",` +
		`"actor_id":"00000000-0000-4000-8000-000000000001","actor_email":"Person1@example.test","actor_name":"Tāne Number 1","operator":null,"previous_address":null,"seal":"`
	if rest, found := strings.CutPrefix(out, want); !found || len(rest) != 64+len("\"}\n") {
		t.Errorf("printed\n%swant\n%s…", out, want)
	}
	var trail []string
	s.update(t, func(r ports.Records) error {
		for event := range r.Audit().Trail(0, 9) {
			trail = append(trail, event.Seal.String())
		}
		return nil
	})
	for i, event := range exported(t, s) {
		if event.Sequence != i+1 || event.Seal != trail[i] {
			t.Errorf("line %d has event %d, sealed %s", i+1, event.Sequence, event.Seal)
		}
	}
}

func TestAuditExportFilters(t *testing.T) {
	for flags, want := range map[string][]int{
		"":                                      {1, 2, 3, 4, 5},
		"--kind sign_in":                        {1, 2, 3},
		"--outcome success":                     {2, 4, 5},
		"--staff PERSON2@example.test":          {3},
		"--since 2026-03-04 --until 2026-03-05": {2, 3},
		"--address 2001:db8::/64":               {1, 2, 5},
	} {
		var got []int
		for _, event := range exported(t, withEvents(t), strings.Fields(flags)...) {
			got = append(got, event.Sequence)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q exports %v, want %v", flags, got, want)
		}
	}
	withEvents(t).refuse(t, false, "nobody has the address x@example.test: see gatehouse staff list", "audit", "export", "--staff", "x@example.test", "--format", "csv")
}

func TestAuditExportCSV(t *testing.T) {
	same(t, newShop().do(t, "audit", "export", "--format", "csv"), csvHeader+",seal\r\n")
	same(t, newShop().do(t, "audit", "list", "--format", "csv"), csvHeader+"\r\n")
	out := withEvents(t).do(t, "audit", "list", "--format", "csv", "--limit", "4", "--address", "2001:db8::7")
	same(t, out, csvHeader+"\r\n"+
		`5,2026-03-06T12:00:00.007Z,2026-03-07T01:00:00.007+13:00,sign_out,success,,,,,short,,2001:db8::7,curl \u202e\x1b[1m,r1,,,,,,`+"\r\n"+
		`2,2026-03-03T12:00:00.007Z,2026-03-04T01:00:00.007+13:00,sign_in,success,,00000000-0000-4000-8000-000000000001,Person1@example.test,Tāne Number 1,`+
		`,abc,2001:db8::7,curl \u202e\x1b[1m,r1,person,00000000-0000-4000-8000-000000000001,Person1@example.test,Tāne Number 1,,`+"\r\n"+
		`1,2026-03-02T12:00:00.007Z,2026-03-03T01:00:00.007+13:00,sign_in,failure,unknown_account,,,,0123456789abcdef0123,,2001:db8::7,curl \u202e\x1b[1m,r1,,,,,,`+"\r\n")
}

// No cell makes a spreadsheet compute, and none changes how the others are read.
func TestCSVIsHarmless(t *testing.T) {
	agents := map[string]string{ // and the cell for it
		`=HYPERLINK("https://x.test","y")`: `'=HYPERLINK("https://x.test","y")`,
		"+1":                               "'+1",
		"-1":                               "'-1",
		"@SUM(A1)":                         "'@SUM(A1)",
		"\t=1":                             `'\t=1`,
		"\r=1":                             `'\r=1`,
		"\n=1":                             `'\n=1`,
		"'=1":                              "''=1",
		"a=1":                              "a=1",
		"a,b \"c\"\r\nd":                   `a,b "c"\r\nd`,
		"Mozilla/5.0 (X11; Linux)":         "Mozilla/5.0 (X11; Linux)",
		"":                                 "",
	}
	var order []string
	for agent := range agents {
		order = append(order, agent)
	}
	out := fromAgents(t, order...).do(t, "audit", "export", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != len(order)+1 {
		t.Fatalf("%d rows, %v:\n%s", len(rows), err, out)
	}
	column := slices.Index(rows[0], "user_agent")
	for i, agent := range order {
		if got := rows[i+1][column]; got != agents[agent] {
			t.Errorf("%q becomes %q, want %q", agent, got, agents[agent])
		}
	}
}

// JSON keeps what CSV must change.
func TestJSONLinesAreExact(t *testing.T) {
	agents := []string{"=1", "\t\r\n", "\u202e \u2028 \x00", "é 日本 <&>", `"\`}
	for i, event := range exported(t, fromAgents(t, agents...)) {
		if event.UserAgent == nil || *event.UserAgent != agents[i] {
			t.Errorf("%q comes back as %v", agents[i], event.UserAgent)
		}
	}
	lines := fromAgents(t, agents...).do(t, "audit", "list", "--format", "jsonl")
	if n := strings.Count(lines, "\n"); n != len(agents) {
		t.Errorf("%d lines for %d events:\n%s", n, len(agents), lines)
	}
	for line := range strings.Lines(lines) {
		if !json.Valid([]byte(line)) || strings.Contains(line, `"seal"`) {
			t.Errorf("the line is %s", line)
		}
	}
}

func TestAuditFormats(t *testing.T) {
	s := withEvents(t)
	same(t, s.do(t, "audit", "list", "--format", "table"), s.do(t, "audit", "list"))
	s.refuse(t, true, "--json and --format cannot be given together", "audit", "list", "--json", "--format", "csv")
	s.refuse(t, true, `invalid value "xml" for flag -format: it must be one of table, jsonl, csv`, "audit", "list", "--format", "xml")
	s.refuse(t, true, `invalid value "table" for flag -format: it must be one of jsonl, csv`, "audit", "export", "--format", "table")
	s.refuse(t, true, "--since is not before --until", "audit", "export", "--since", "2026-03-05", "--until", "2026-03-04")
	s.refuse(t, true, "nothing but flags is expected here", "audit", "export", "file")
	s.refuse(t, true, "nothing but flags is expected here", "audit", "verify", "file")
}

func TestPreviousAddressIsShown(t *testing.T) {
	s := newShop()
	event := domain.AuditEvent{At: porttest.Noon, Kind: domain.EventTokenRefresh, PreviousAddress: netip.MustParseAddr("192.0.2.9")}
	s.update(t, func(r ports.Records) error { return r.Audit().Append(event) })
	for _, flags := range [][]string{{"list", "--format", "jsonl"}, {"export"}} {
		if got := parsed[eventJSON](t, s.do(t, append([]string{"audit"}, flags...)...)).Previous; got == nil || *got != "192.0.2.9" {
			t.Errorf("audit %v shows %v", flags, got)
		}
	}
	if rows := s.do(t, "audit", "list", "--format", "csv"); !strings.HasSuffix(rows, ",192.0.2.9\r\n") {
		t.Errorf("CSV: %s", rows)
	}
}

func TestAuditAddresses(t *testing.T) {
	s := fromAgents(t, "x") // from 192.0.2.7
	for address, found := range map[string]bool{
		"192.0.2.7": true, "192.0.2.0/24": true, "192.0.2.9/24": true, "::ffff:192.0.2.7": true, "::ffff:192.0.2.0/120": true,
		"0.0.0.0/0": true, "192.0.2.8": false, "192.0.3.0/24": false, "2001:db8::7": false, "::/0": false,
	} {
		var want []int
		if found {
			want = []int{1}
		}
		sequences(t, s, want, "--address", address)
	}
	for _, wrong := range []string{"localhost", "192.0.2.7/33", "192.0.2.", "fe80::1%eth0", "192.0.2.7:80", ""} {
		s.refuse(t, true, `invalid value "`+wrong+`" for flag -address: write it as 192.0.2.7, 192.0.2.0/24, 2001:db8::7 or 2001:db8::/32`,
			"audit", "list", "--address", wrong)
	}
}

// A colleague who acted is named like the person it was done to. One who was deleted since has an id alone.
func TestAuditNamesColleagues(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1), porttest.Person(2))
	s.update(t, func(r ports.Records) error {
		for _, n := range []int{2, 3} {
			colleague := domain.Client{Actor: domain.Actor{Kind: domain.ActorOffice, Staff: porttest.Person(n).ID}}
			event := domain.NewAuditEvent(domain.EventStaffUnlock, colleague, porttest.Noon)
			event.StaffID = porttest.Person(1).ID
			if err := r.Audit().Append(event.Decided(nil)); err != nil {
				return err
			}
		}
		return nil
	})
	events := exported(t, s)
	if e := events[0]; *e.Actor != "office" || *e.ActorEmail != "Person2@example.test" || *e.ActorName != "Tāne Number 2" || *e.StaffEmail != "Person1@example.test" {
		t.Errorf("the first is %+v", e)
	}
	if e := events[1]; *e.ActorID != string(porttest.Person(3).ID) || e.ActorEmail != nil || e.ActorName != nil {
		t.Errorf("the second is %+v", e)
	}
	table := s.do(t, "audit", "list")
	for _, cell := range []string{"  office:Person2@example.test  ", "  office:" + string(porttest.Person(3).ID) + "  "} {
		if !strings.Contains(table, cell) {
			t.Errorf("%q is not in\n%s", cell, table)
		}
	}
}
