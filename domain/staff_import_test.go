package domain_test

import (
	"errors"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// exportRow is the row of the first person as the source has exported it first.
func exportRow(changes ...func(*domain.ImportRow)) domain.ImportRow {
	row := domain.ImportRow{Number: 1, ID: person().ID, Profile: person().Profile, Hash: someHash}
	for _, change := range changes {
		change(&row)
	}
	return row
}

func imported(t *testing.T, row domain.ImportRow) domain.Staff {
	t.Helper()
	staff, err := domain.NewImportedStaff(row, porttest.Noon)
	if err != nil {
		t.Fatal(err)
	}
	return staff
}

func TestNewImportedStaff(t *testing.T) {
	row := exportRow(func(r *domain.ImportRow) { r.NeedsReset = true })
	want := domain.Staff{
		ID: row.ID, Profile: row.Profile, Credentials: domain.Credentials{Hash: row.Hash, NeedsReset: true},
		CreatedAt: porttest.Noon, UpdatedAt: porttest.Noon,
	}
	if got := imported(t, row); got != want {
		t.Errorf("the account is %+v, want %+v", got, want)
	}
	row.Profile.Email = "nobody"
	if got, err := domain.NewImportedStaff(row, porttest.Noon); !errors.Is(err, domain.ErrInvalidStaff) || got != (domain.Staff{}) {
		t.Errorf("without an address: %+v, %v; want ErrInvalidStaff and no account", got, err)
	}
}

// What the source says now (row) is compared with what it said last, and taken over where
// it differs, whatever has happened here in between.
func TestImport(t *testing.T) {
	type staff = *domain.Staff
	type row = *domain.ImportRow
	own, upgraded, fromSource := domain.NewPasswordHash("own$hash"), domain.NewPasswordHash("better$hash"), domain.NewPasswordHash("new$hash")
	nothing := func(staff) {}
	same := func(row) {}
	const updated, unchanged = domain.ImportUpdated, domain.ImportUnchanged

	takeHash := func(s staff) { s.Credentials.Hash = fromSource; s.Credentials.Version++ }
	changedHere := func(s staff) { s.ChangePassword(own, porttest.Noon) }
	upgradedHere := func(s staff) { s.UpgradeHash(upgraded, 0, porttest.Noon) }
	for _, test := range []struct {
		name   string
		here   func(staff)
		source func(row)
		action domain.ImportAction
		ends   bool
		want   func(staff) // what becomes of the account
	}{
		{"same again", nothing, same, unchanged, false, nothing},
		{"name changed at the source", nothing, func(r row) { r.Profile.LastName = "New" }, updated, false, func(s staff) { s.LastName = "New" }},
		{"name changed here", func(s staff) { s.LastName = "Here" }, same, unchanged, false, nothing},
		{"names changed on both sides", func(s staff) { s.FirstName = "Here" }, func(r row) { r.Profile.LastName = "New" }, updated, false, func(s staff) { s.LastName = "New" }},
		{"one name changed on both sides", func(s staff) { s.LastName = "Here" }, func(r row) { r.Profile.LastName = "New" }, updated, false, func(s staff) { s.LastName = "New" }},
		{"the same change on both sides", func(s staff) { s.LastName = "New" }, func(r row) { r.Profile.LastName = "New" }, unchanged, false, nothing},
		{"address changed at the source", nothing, func(r row) { r.Profile.Email = "new@example.test" }, updated, false, func(s staff) { s.Email = "new@example.test" }},

		{"password changed at the source", nothing, func(r row) { r.Hash = fromSource }, updated, true, takeHash},
		{"password changed here", changedHere, same, unchanged, false, nothing},
		{"password changed on both sides", changedHere, func(r row) { r.Hash = fromSource }, unchanged, false, nothing},
		{"password changed on both sides, and a name", changedHere, func(r row) { r.Hash = fromSource; r.Profile.LastName = "New" }, updated, false, func(s staff) { s.LastName = "New" }},
		{"password set here", func(s staff) { s.SetPassword(own, porttest.Noon) }, same, unchanged, false, nothing},
		{"hash upgraded here", upgradedHere, same, unchanged, false, nothing},
		{"hash upgraded here, password changed at the source", upgradedHere, func(r row) { r.Hash = fromSource }, updated, true, takeHash},
		{"password made unusable at the source", nothing, func(r row) { r.Hash = domain.UnusablePassword }, updated, true, func(s staff) { s.Credentials.Hash = domain.UnusablePassword; s.Credentials.Version++ }},

		{"reset due at the source", nothing, func(r row) { r.NeedsReset = true }, updated, false, func(s staff) { s.Credentials.NeedsReset = true }},
		{"reset due here, password changed at the source", resetDue, func(r row) { r.Hash = fromSource }, updated, true, takeHash},
		{"reset due at the source, password changed here", changedHere, func(r row) { r.NeedsReset = true }, unchanged, false, nothing},
		{"reset due here", resetDue, same, unchanged, false, nothing},

		{"deactivated at the source", nothing, func(r row) { r.Profile.IsActive = false }, updated, true, inactive},
		{"deactivated here", inactive, same, unchanged, false, nothing},
		{"deactivated here, name changed at the source", inactive, func(r row) { r.Profile.LastName = "New" }, updated, false, func(s staff) { s.LastName = "New" }},
		{"deactivated on both sides", inactive, func(r row) { r.Profile.IsActive = false }, unchanged, false, nothing},
		{"left at the source", nothing, func(r row) { r.Profile.DateLeft = date("2026-03-03") }, updated, true, leaving("2026-03-03")},
		{"leaves tomorrow at the source", nothing, func(r row) { r.Profile.DateLeft = date("2026-03-04") }, updated, false, leaving("2026-03-04")},
		{"left at the source, deactivated here", inactive, func(r row) { r.Profile.DateLeft = date("2026-03-03") }, updated, false, leaving("2026-03-03")},
	} {
		t.Run(test.name, func(t *testing.T) {
			first := exportRow()
			before := imported(t, first)
			test.here(&before)
			now := exportRow(test.source)

			want := before
			test.want(&want)
			if test.action == updated {
				want.UpdatedAt = later
			}
			if test.ends {
				want.SessionsEndedAt = later
			}
			got := before
			action, ends, err := got.Import(first.State(), now, today(), later)
			if action != test.action || ends != test.ends || err != nil {
				t.Errorf("Import is %s, ends sessions: %t, %v; want %s, %t", action, ends, err, test.action, test.ends)
			}
			if got != want {
				t.Errorf("the account is\n%+v, want\n%+v", got, want)
			}
			if action, _, err := got.Import(now.State(), now, today(), later); action != unchanged || err != nil {
				t.Errorf("the same row again is %s, %v; want it unchanged", action, err)
			}
		})
	}
}

// Every field of a profile is taken over when it changes at the source, and only then.
func TestImportTakesEveryField(t *testing.T) {
	for name, change := range map[string]func(*domain.Profile){
		"Email":            func(p *domain.Profile) { p.Email = "new@example.test" },
		"FirstName":        func(p *domain.Profile) { p.FirstName = "New" },
		"LastName":         func(p *domain.Profile) { p.LastName = "New" },
		"PreferredName":    func(p *domain.Profile) { p.PreferredName = "New" },
		"HasPreferredName": func(p *domain.Profile) { p.HasPreferredName = true },
		"IsActive":         func(p *domain.Profile) { p.IsActive = false },
		"IsOfficeStaff":    func(p *domain.Profile) { p.IsOfficeStaff = true },
		"IsWorkshopStaff":  func(p *domain.Profile) { p.IsWorkshopStaff = false },
		"IsSuperuser":      func(p *domain.Profile) { p.IsSuperuser = true },
		"DateLeft":         func(p *domain.Profile) { p.DateLeft = date("2026-06-30") },
	} {
		first, second := exportRow(), exportRow(func(r *domain.ImportRow) { change(&r.Profile) })
		taken := imported(t, first)
		if action, _, err := taken.Import(first.State(), second, today(), later); action != domain.ImportUpdated || err != nil || taken.Profile != second.Profile {
			t.Errorf("%s changed at the source: %s, %v, %+v", name, action, err, taken.Profile)
		}
		kept := imported(t, first)
		change(&kept.Profile)
		if action, _, err := kept.Import(first.State(), first, today(), later); action != domain.ImportUnchanged || err != nil || kept.Profile != second.Profile {
			t.Errorf("%s changed here: %s, %v, %+v", name, action, err, kept.Profile)
		}
	}
}

// An account that was added here takes everything from its first row, except a password
// that somebody has set here.
func TestImportOfAnAccountAddedHere(t *testing.T) {
	added, err := domain.NewStaff(person().ID, domain.Profile{Email: "here@example.test", FirstName: "Here"}, porttest.Noon)
	if err != nil {
		t.Fatal(err)
	}
	row := exportRow()

	bare := added
	action, ends, err := bare.Import(domain.ImportedState{}, row, today(), later)
	if action != domain.ImportUpdated || !ends || err != nil {
		t.Errorf("Import is %s, ends sessions: %t, %v; want an update that ends them", action, ends, err)
	}
	if bare.Profile != row.Profile || bare.Credentials.Hash != row.Hash || bare.Credentials.Version != 1 {
		t.Errorf("the account is %+v, want profile and password of the row", bare)
	}

	own := added
	own.SetPassword(domain.NewPasswordHash("own$hash"), porttest.Noon)
	credentials := own.Credentials
	action, ends, err = own.Import(domain.ImportedState{}, row, today(), later)
	if action != domain.ImportUpdated || ends || err != nil {
		t.Errorf("with a password set here, Import is %s, ends sessions: %t, %v; want an update that does not", action, ends, err)
	}
	if own.Profile != row.Profile || own.Credentials != credentials {
		t.Errorf("the account is %+v, want the profile of the row and the password set here", own)
	}
}

func TestImportRefuses(t *testing.T) {
	first := exportRow()
	before := imported(t, first)
	for name, change := range map[string]func(*domain.Profile){
		"address": func(p *domain.Profile) { p.Email = "a b@example.test" },
		"name":    func(p *domain.Profile) { p.FirstName = "\x00" },
	} {
		after := before
		row := exportRow(func(r *domain.ImportRow) { change(&r.Profile); r.Hash = domain.UnusablePassword })
		action, ends, err := after.Import(first.State(), row, today(), later)
		if action != domain.ImportRefused || ends || !errors.Is(err, domain.ErrInvalidStaff) {
			t.Errorf("a bad %s: %s, ends sessions: %t, %v; want a refusal", name, action, ends, err)
		}
		if after != before {
			t.Errorf("a bad %s has changed the account: %+v", name, after)
		}
	}
}

// What is remembered of a row must tell rows apart and must not hold the hash.
func TestImportState(t *testing.T) {
	states := map[domain.ImportedState]string{}
	for name, row := range map[string]domain.ImportRow{
		"as it is":    exportRow(),
		"name":        exportRow(func(r *domain.ImportRow) { r.Profile.LastName = "New" }),
		"hash":        exportRow(func(r *domain.ImportRow) { r.Hash = domain.NewPasswordHash("new$hash") }),
		"flag":        exportRow(func(r *domain.ImportRow) { r.NeedsReset = true }),
		"no password": exportRow(func(r *domain.ImportRow) { r.Hash = domain.PasswordHash{} }),
	} {
		state := row.State()
		if other, ok := states[state]; ok {
			t.Errorf("%s and %s are remembered alike", name, other)
		}
		if states[state] = name; state == (domain.ImportedState{}) {
			t.Errorf("%s is remembered like nothing", name)
		}
	}
	again := exportRow(func(r *domain.ImportRow) { r.Number, r.Hash = 9, domain.NewPasswordHash(someHash.Reveal()) })
	if again.State() != exportRow().State() {
		t.Error("the same row at another place is remembered differently")
	}
}
