package cli_test

import (
	"testing"

	"gatehouse/ports/porttest"
)

func TestBackup(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1), porttest.Person(2))
	s.signIn(t, porttest.Session(1, porttest.Person(1)))
	same(t, s.do(t, "backup", "copy\x1b.db"),
		`copy\x1b.db holds 2 staff, 1 sessions and 0 audit events, in 0.0 MiB; audit.key and the signing keys are not in it: keep them somewhere else`+"\n")
	s.refuse(t, false, `copy\x1b.db exists: nothing has been changed`, "backup", "copy\x1b.db")
	s.refuse(t, true, "the FILE argument is missing", "backup")
	s.refuse(t, true, "one FILE argument is expected, and 2 arguments were given", "backup", "one", "two")
	s.breakStore()
	s.refuse(t, false, broken, "backup", "--broken-trail", "another")
}

func TestRestore(t *testing.T) {
	s := newShop()
	s.do(t, "staff", "add", "first@shop.test", "--first-name", "Fi", "--last-name", "Rst")
	s.do(t, "backup", "copy")
	s.do(t, "staff", "add", "second@shop.test", "--first-name", "Se", "--last-name", "Cond")
	same(t, s.do(t, "restore", "copy"),
		"restored 1 staff, 0 sessions and 2 audit events until 2026-03-03T01:00:00+13:00: "+
			"every session has ended, so everybody has to sign in again; what was there before is kept as before\n")
	if _, found := s.account(t, "second@shop.test"); found {
		t.Error("an account is there that was added after the backup")
	}
	s.refuse(t, false, "missing does not exist: nothing has been changed", "restore", "missing")
	s.refuse(t, true, "the FILE argument is missing", "restore")
}
