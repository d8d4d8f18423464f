package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// check compares everything that was answered since the last check with what the database
// holds, and takes from it what became of the requests that were not answered.
func (t *trial) check(ctx context.Context) error {
	db, err := t.house.openLedger()
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	now := time.Now()
	r, err := read(ctx, db, t.history.sequence, t.checked)
	if err != nil {
		return fmt.Errorf("reading the database: %w", err)
	}
	t.checked = now
	t.compare(r)
	if t.inspects() {
		return t.inspect(ctx, db)
	}
	return nil
}

func (t *trial) compare(r reading) {
	for _, e := range r.entries {
		t.history.follow(e, t.tally)
	}
	t.history.compare(r, t.tally)
	t.history.forget()
	t.checkLines(r)
	for _, v := range t.visitors {
		v.acknowledged = nil
		for _, p := range v.people {
			t.checkPerson(p, r)
		}
	}
}

// inspect looks at the database as a whole.
func (t *trial) inspect(ctx context.Context, db *sql.DB) error {
	err := checkIntegrity(ctx, db)
	t.tally.check(err == nil, "the database: %v", err)
	t.chains++
	err = t.house.verifyChain(ctx)
	t.tally.check(err == nil, "the chain of the audit trail: %v", err)
	return ctx.Err()
}

// checkLines looks for the line of every acknowledgement in the audit trail.
func (t *trial) checkLines(r reading) {
	lines := map[string][]entry{}
	for _, e := range r.entries {
		lines[e.requestID] = append(lines[e.requestID], e)
	}
	for _, v := range t.visitors {
		for _, a := range v.acknowledged {
			t.tally.check(a.toldBy(lines[a.requestID]), "the audit trail has lost the %s of request %s (session %q): there is %+v",
				a.kind, a.requestID, a.session, lines[a.requestID])
		}
	}
}

func (a acknowledgement) toldBy(lines []entry) bool {
	for _, e := range lines {
		if e.kind == a.event && e.outcome == a.outcome && e.staff == a.person && (a.session == "" || a.session == e.session) {
			return true
		}
	}
	return false
}

func (t *trial) checkPerson(p *person, r reading) {
	version := r.versions[p.id]
	switch {
	case p.next != "" && version == p.version+1: // it has happened
		p.password, p.version = p.next, version
	default:
		t.tally.check(version == p.version, "the password of %s is number %d where %d was answered", p.email, version, p.version)
	}
	p.next = ""
	for _, s := range p.sessions {
		t.checkSession(s, r)
	}
}

func (t *trial) checkSession(s *session, r reading) {
	if s.confirmed {
		return // it was over before, and the history sees to it that it stays so
	}
	stored, there := r.sessions[s.id]
	t.tally.check(there, "session %s was answered, and is not stored (ended: %t)", s.id, s.ended)
	if !there {
		s.ended, s.confirmed = true, true
		return
	}
	t.tally.check(stored.generation == s.generation || s.maybeRotated && stored.generation == s.generation+1,
		"session %s is at generation %d where %d was answered", s.id, stored.generation, s.generation)
	t.tally.check(stored.ended == s.ended || s.maybeEnded && stored.ended,
		"session %s is stored as ended: %t, and %t was answered", s.id, stored.ended, s.ended)
	s.ended = stored.ended
	s.maybeRotated, s.maybeEnded = stored.generation > s.generation, false
}
