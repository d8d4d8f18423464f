package cli_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// old is a shop with a person, three sessions, events of which the first two are retired,
// and a run of housekeeping.
func old(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	s.save(t, porttest.Person(1))
	over, ended := porttest.Session(2, porttest.Person(1)), porttest.Session(3, porttest.Person(1))
	over.ExpiresAt = porttest.Noon
	ended.End(domain.EndSignedOut, porttest.Noon)
	s.signIn(t, porttest.Session(1, porttest.Person(1)), over, ended)
	s.update(t, func(r ports.Records) error {
		for n := range 5 {
			if err := r.Audit().Append(domain.AuditEvent{At: porttest.Noon.AddDate(0, 0, n-5)}); err != nil {
				return err
			}
		}
		checkpoint := domain.AuditCheckpoint{
			Last: domain.AuditMark{Sequence: 2}, At: porttest.Noon.AddDate(0, 0, -4), RemovedAt: porttest.Noon,
		}
		return r.Audit().Retire(checkpoint)
	})
	run := ports.HousekeepingRun{Task: ports.TaskRetireAudit, At: porttest.Noon, Took: 1500 * time.Millisecond, Removed: 2}
	if err := s.store.Note(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDatabaseInfo(t *testing.T) {
	same(t, old(t).do(t, "db", "info"), `file:              -
size:              0 B
write-ahead log:   0 B
free in the file:  0 B
schema version:    0
engine:            memory
journal mode:      -
synchronous:       -
staff:             1
sessions:          1 running, 2 over
waiting letters:   0
audit events:      3, from 3 (2026-02-28T01:00:00+13:00) to 5 (2026-03-02T01:00:00+13:00)
removed:           audit events up to 2, until 2026-02-27T01:00:00+13:00, were removed by retention
retire_audit:      2026-03-03T01:00:00+13:00, took 1.5s, removed 2
`)
}

func TestDatabaseInfoOfNothing(t *testing.T) {
	out := newShop().do(t, "db", "info")
	for _, line := range []string{"audit events:      none\n", "removed:           no audit events\n", "sessions:          0 running, 0 over\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("printed\n%s\nwant the line %q", out, line)
		}
	}
}

func TestDatabaseInfoJSON(t *testing.T) {
	same(t, old(t).do(t, "db", "info", "--json"), `{
  "file": "",
  "size": 0,
  "wal_size": 0,
  "page_size": 0,
  "free_pages": 0,
  "schema_version": 0,
  "engine": "memory",
  "journal_mode": "",
  "synchronous": "",
  "staff": 1,
  "sessions": {
    "running": 1,
    "over": 2
  },
  "outbox": 0,
  "audit": {
    "events": 3,
    "first": {
      "sequence": 3,
      "at": "2026-02-27T12:00:00.000Z"
    },
    "last": {
      "sequence": 5,
      "at": "2026-03-01T12:00:00.000Z"
    },
    "removed": {
      "up_to": 2,
      "until": "2026-02-26T12:00:00.000Z",
      "removed_at": "2026-03-02T12:00:00.000Z"
    }
  },
  "housekeeping": [
    {
      "task": "retire_audit",
      "ran_at": "2026-03-02T12:00:00.000Z",
      "took_ms": 1500,
      "removed": 2
    }
  ]
}
`)
	empty := newShop().do(t, "db", "info", "--json")
	for _, member := range []string{`"events": 0`, `"first": null`, `"last": null`, `"removed": null`, `"housekeeping": []`} {
		if !strings.Contains(empty, member) {
			t.Errorf("printed\n%s\nwant %s", empty, member)
		}
	}
}

func TestDatabaseInfoRefuses(t *testing.T) {
	s := newShop()
	s.refuse(t, true, "nothing but flags is expected here", "db", "info", "all")
	s.breakStore()
	s.refuse(t, false, broken, "db", "info")
}
