package main

import "maps"

// A history is what the audit trail says that the sessions must look like. Every change is
// stored together with its line there, so a row that differs is a change that was half
// done, whether it was answered or not.
type history struct {
	sequence int64
	sessions map[string]row
	versions map[string]int64
	byOwner  map[string]map[string]bool // ids of running sessions
}

// newHistory begins with what there is before the first request.
func newHistory(r reading) *history {
	h := &history{sessions: map[string]row{}, versions: maps.Clone(r.versions), byOwner: map[string]map[string]bool{}}
	for _, e := range r.entries {
		h.sequence = e.sequence
	}
	return h
}

// follow takes the next line.
func (h *history) follow(e entry, t *tally) {
	t.check(e.sequence == h.sequence+1, "line %d of the audit trail follows line %d", e.sequence, h.sequence)
	h.sequence = e.sequence
	done := e.outcome == success
	switch {
	case e.kind == "sign_in" && done:
		h.sessions[e.session] = row{id: e.session, staff: e.staff, generation: 1}
		if h.byOwner[e.staff] == nil {
			h.byOwner[e.staff] = map[string]bool{}
		}
		h.byOwner[e.staff][e.session] = true
	case e.kind == "token_refresh" && done && e.reason == "refresh_token_rotated":
		s := h.sessions[e.session]
		s.generation++
		h.sessions[e.session] = s
	case e.kind == "token_refresh" && e.reason == "refresh_token_replayed",
		done && (e.kind == "sign_out" || e.kind == "token_blacklist" || e.kind == "session_end"):
		h.end(e.session)
	case e.kind == "password_change" && done:
		h.versions[e.staff]++
		for id := range h.byOwner[e.staff] {
			h.end(id)
		}
	}
}

func (h *history) end(id string) {
	s := h.sessions[id]
	s.ended = true
	h.sessions[id] = s
	delete(h.byOwner[s.staff], id)
}

// compare looks at every row.
func (h *history) compare(r reading, t *tally) {
	for id, told := range h.sessions {
		stored, there := r.sessions[id]
		t.check(there, "session %s is in the audit trail and is not stored (ended: %t)", id, told.ended)
		if there {
			t.check(stored == told, "session %s is stored as %+v, and the audit trail tells %+v", id, stored, told)
		}
	}
	for id, stored := range r.sessions {
		_, told := h.sessions[id]
		t.check(told, "session %s is stored as %+v, and the audit trail does not tell of it", id, stored)
	}
	for id, version := range r.versions {
		t.check(version == h.versions[id], "the password of %s is number %d, and the audit trail tells %d", id, version, h.versions[id])
	}
}

// forget drops what has ended: it is compared once, and must not come back.
func (h *history) forget() {
	maps.DeleteFunc(h.sessions, func(_ string, s row) bool { return s.ended })
}
