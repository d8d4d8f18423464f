package sqlite_test

import (
	"errors"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// hostile are texts that would do harm if they became a part of a statement.
var hostile = []string{
	`' OR '1'='1`, `'; DELETE FROM staff; --`, `" OR ""="`, `') UNION SELECT password FROM staff --`, `%`, `_`, `?1`, `:id`, `@x`, `$1`, `\'`, "`", `/*`, "'\x00",
}

// Whatever a text says, it is looked for and kept as it is, and means nothing.
func TestTextIsNeverSQL(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	must(t, db.Update(t.Context(), savePerson(1)))
	for n, text := range hostile {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			if _, err := r.Staff().ByEmail(domain.EmailKey(text)); !errors.Is(err, domain.ErrStaffNotFound) {
				t.Errorf("by the address %q: %v", text, err)
			}
			if _, err := r.Staff().ByID(domain.StaffID(text)); !errors.Is(err, domain.ErrStaffNotFound) {
				t.Errorf("by the id %q: %v", text, err)
			}
			for event := range r.Audit().Events(ports.AuditFilter{Staff: domain.StaffID(text), Kind: domain.EventKind(text)}) {
				t.Errorf("filtered by %q: %+v", text, event)
			}
			return nil
		}))
		mustKeep(t, db, n, text)
	}
}

// mustKeep writes the text into every column that takes any, and reads it again.
func mustKeep(t *testing.T, db *sqlite.DB, n int, text string) {
	t.Helper()
	person := porttest.Person(2)
	person.FirstName, person.LastName, person.PreferredName, person.HasPreferredName = text, text, text, true
	person.Credentials.Hash = domain.NewPasswordHash(text)
	session := porttest.Session(n, person)
	session.UserAgent = text
	must(t, db.Update(t.Context(), func(r ports.Records) error {
		return errors.Join(r.Staff().Save(person), r.Sessions().Save(session),
			r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventSignIn, Client: domain.Client{UserAgent: text}}))
	}))
	must(t, db.View(t.Context(), func(r ports.Records) error {
		read, err := r.Staff().ByID(person.ID)
		kept, alsoErr := r.Sessions().ByID(session.ID)
		if read.FirstName != text || read.PreferredName != text || !read.Credentials.Hash.Equal(person.Credentials.Hash.Secret) || kept.UserAgent != text {
			t.Errorf("%q has become %+v, %+v", text, read, kept)
		}
		for event := range r.Audit().Events(ports.AuditFilter{Limit: 1}) {
			if event.Client.UserAgent != text {
				t.Errorf("%q has become %+v", text, event)
			}
		}
		_, untouched := r.Staff().ByID(porttest.Person(1).ID)
		return errors.Join(err, alsoErr, untouched)
	}))
}

// A list or an object that somebody has broken is an error of the database. Nothing is made up for it.
func TestTextsThatCannotBeRead(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	person := porttest.Person(1)
	link := domain.Link{Account: domain.AccountKey(person.ID)}
	must(t, db.Update(t.Context(), func(r ports.Records) error {
		return errors.Join(r.Staff().Save(person), r.Links().Save(link), r.Imports().Remember(person.ID, domain.ImportedState{Profile: person.Profile}))
	}))
	for _, c := range []struct {
		column, text string
		want         error
	}{
		{"link SET mailed", "", nil},
		{"link SET mailed", "5 4 3 2 1", nil},
		{"link SET mailed", "6 5 4 3 2 1", domain.ErrUnavailable},
		{"link SET mailed", "5 four 3", domain.ErrUnavailable},
		{"staff_import SET profile", "{}", nil},
		{"staff_import SET profile", "{", domain.ErrUnavailable},
		{"staff_import SET profile", `{"email": 1}`, domain.ErrUnavailable},
	} {
		rawly(t, file, "UPDATE "+c.column+" = '"+c.text+"'")
		if err := db.View(t.Context(), func(r ports.Records) error {
			_, err := r.Links().Of(link.Account)
			_, alsoErr := r.Imports().Last(person.ID)
			return errors.Join(err, alsoErr)
		}); !errors.Is(err, c.want) {
			t.Errorf("%s = %q: %v, want %v", c.column, c.text, err, c.want)
		}
		rawly(t, file, "UPDATE link SET mailed = ''", "UPDATE staff_import SET profile = '{}'")
	}
}
