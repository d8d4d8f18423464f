package acceptance

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gatehouse/adapters/keyfile"
	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
)

// growOld makes a data folder with one member of staff, who has 120 sessions that have been
// over for eight days, and one that has been over for six, and with 260 audit events that
// are 500 days old.
func growOld(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o700))
	keys, err := keyfile.ReadAuditKeys(dir)
	ts.Check(err)
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: keys.Sealing})
	ts.Check(err)
	defer closeDB()
	now := time.Now().UTC().Truncate(time.Millisecond)
	ts.Check(db.Update(context.Background(), func(r ports.Records) error {
		owner, err := domain.NewStaff("00000000-0000-4000-8000-0000000000aa", domain.Profile{Email: "old@shop.test"}, now)
		if err != nil {
			return err
		}
		if err := r.Staff().Save(owner); err != nil {
			return err
		}
		for n := range 121 {
			if err := r.Sessions().Save(oldSession(n, owner, now)); err != nil {
				return err
			}
		}
		event := domain.NewAuditEvent(domain.EventSignIn, domain.Client{}, now.AddDate(0, 0, -500)).Decided(nil)
		for range 260 {
			if err := r.Audit().Append(event); err != nil {
				return err
			}
		}
		return nil
	}))
}

// oldSession is over for six days if it is the first, else for eight.
func oldSession(n int, owner domain.Staff, now time.Time) domain.Session {
	session := domain.NewSession(domain.SessionID(fmt.Sprintf("%032x", n)), owner.ID, domain.CarrierBody, domain.Client{}, domain.Policy{}, now.AddDate(0, 0, -40))
	session.ExpiresAt = now.AddDate(0, 0, -8)
	if n == 0 {
		session.ExpiresAt = now.AddDate(0, 0, -6)
	}
	return session
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts).server
	ts.Check(s.Await(s.Stderr, func(log string) bool { return strings.Contains(log, args[0]) }))
	show(ts, s)
}
