package domain_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// exportRow is the row of the first person as the source has exported it first.
func exportRow(changes ...func(*domain.ImportRow)) domain.ImportRow {
	row := domain.NewImportRow(1, person().ID, person().Profile, someHash, false)
	for _, change := range changes {
		change(&row)
	}
	return row
}

// imported is the account of somebody new, and what is remembered of the row.
func imported(t *testing.T, row domain.ImportRow) (domain.Staff, domain.ImportedState) {
	t.Helper()
	staff, result, err := domain.NewImportedStaff(row, porttest.Noon)
	if err != nil || result.Action != domain.ImportAdded || result.EndSessions {
		t.Fatalf("the row is %+v, %v; want it added", result, err)
	}
	return staff, result.State
}

func TestNewImportedStaff(t *testing.T) {
	row := exportRow(func(r *domain.ImportRow) { r.NeedsReset = domain.Says(true) })
	want := domain.Staff{
		ID: row.ID, Profile: person().Profile, Credentials: domain.Credentials{Hash: someHash, NeedsReset: true},
		CreatedAt: porttest.Noon, UpdatedAt: porttest.Noon,
	}
	if got, _ := imported(t, row); got != want {
		t.Errorf("the account is %+v, want %+v", got, want)
	}
	for name, change := range map[string]func(*domain.ImportRow){
		"without an address":       func(r *domain.ImportRow) { r.Email = domain.Said[domain.Email]{} },
		"with a bad address":       func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("nobody") },
		"that is neither, in part": func(r *domain.ImportRow) { r.IsSuperuser = domain.SaysEmpty[bool]() },
	} {
		got, result, err := domain.NewImportedStaff(exportRow(change), porttest.Noon)
		if !errors.Is(err, domain.ErrInvalidStaff) || got != (domain.Staff{}) || result != (domain.Imported{Action: domain.ImportRefused}) {
			t.Errorf("somebody %s: %+v, %+v, %v; want ErrInvalidStaff and no account", name, got, result, err)
		}
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
		{"name changed at the source", nothing, func(r row) { r.LastName = domain.Says("New") }, updated, false, func(s staff) { s.LastName = "New" }},
		{"name changed here", func(s staff) { s.LastName = "Here" }, same, unchanged, false, nothing},
		{"names changed on both sides", func(s staff) { s.FirstName = "Here" }, func(r row) { r.LastName = domain.Says("New") }, updated, false, func(s staff) { s.LastName = "New" }},
		{"one name changed on both sides", func(s staff) { s.LastName = "Here" }, func(r row) { r.LastName = domain.Says("New") }, updated, false, func(s staff) { s.LastName = "New" }},
		{"the same change on both sides", func(s staff) { s.LastName = "New" }, func(r row) { r.LastName = domain.Says("New") }, unchanged, false, nothing},
		{"address changed at the source", nothing, func(r row) { r.Email = domain.Says[domain.Email]("new@example.test") }, updated, false, func(s staff) { s.Email = "new@example.test" }},

		{"password changed at the source", nothing, func(r row) { r.Hash = domain.Says(fromSource) }, updated, true, takeHash},
		{"password changed here", changedHere, same, unchanged, false, nothing},
		{"password changed on both sides", changedHere, func(r row) { r.Hash = domain.Says(fromSource) }, unchanged, false, nothing},
		{"password changed on both sides, and a name", changedHere, func(r row) { r.Hash = domain.Says(fromSource); r.LastName = domain.Says("New") }, updated, false, func(s staff) { s.LastName = "New" }},
		{"password set here", func(s staff) { s.SetPassword(own, porttest.Noon) }, same, unchanged, false, nothing},
		{"hash upgraded here", upgradedHere, same, unchanged, false, nothing},
		{"hash upgraded here, password changed at the source", upgradedHere, func(r row) { r.Hash = domain.Says(fromSource) }, updated, true, takeHash},
		{"password made unusable at the source", nothing, func(r row) { r.Hash = domain.Says(domain.UnusablePassword) }, updated, true, func(s staff) { s.Credentials.Hash = domain.UnusablePassword; s.Credentials.Version++ }},

		{"reset due at the source", nothing, func(r row) { r.NeedsReset = domain.Says(true) }, updated, false, func(s staff) { s.Credentials.NeedsReset = true }},
		{"reset due here, password changed at the source", resetDue, func(r row) { r.Hash = domain.Says(fromSource) }, updated, true, takeHash},
		{"reset due at the source, password changed here", changedHere, func(r row) { r.NeedsReset = domain.Says(true) }, unchanged, false, nothing},
		{"reset due here", resetDue, same, unchanged, false, nothing},

		{"deactivated at the source", nothing, func(r row) { r.IsActive = domain.Says(false) }, updated, true, inactive},
		{"deactivated here", inactive, same, unchanged, false, nothing},
		{"deactivated here, name changed at the source", inactive, func(r row) { r.LastName = domain.Says("New") }, updated, false, func(s staff) { s.LastName = "New" }},
		{"deactivated on both sides", inactive, func(r row) { r.IsActive = domain.Says(false) }, unchanged, false, nothing},
		{"left at the source", nothing, func(r row) { r.DateLeft = domain.Says(date("2026-03-03")) }, updated, true, leaving("2026-03-03")},
		{"leaves tomorrow at the source", nothing, func(r row) { r.DateLeft = domain.Says(date("2026-03-04")) }, updated, false, leaving("2026-03-04")},
		{"left at the source, deactivated here", inactive, func(r row) { r.DateLeft = domain.Says(date("2026-03-03")) }, updated, false, leaving("2026-03-03")},
	} {
		t.Run(test.name, func(t *testing.T) {
			before, last := imported(t, exportRow())
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
			result, err := got.Import(last, now, today(), later)
			if result.Action != test.action || result.EndSessions != test.ends || err != nil {
				t.Errorf("Import is %s, ends sessions: %t, %v; want %s, %t", result.Action, result.EndSessions, err, test.action, test.ends)
			}
			if got != want {
				t.Errorf("the account is\n%+v, want\n%+v", got, want)
			}
			if again, err := got.Import(result.State, now, today(), later); again.Action != unchanged || err != nil {
				t.Errorf("the same row again is %s, %v; want it unchanged", again.Action, err)
			}
		})
	}
}

// A field is one of those that a list may say of a person.
type field struct {
	name string
	// changed is the account when the field has changed, at the source or here.
	changed func(*domain.Staff)
	// Each puts into a row what it says of the field: nothing, no value, what cannot be
	// read, and the changed value.
	missing, empty, unreadable, says func(*domain.ImportRow)
	// meaning is the account that an empty field makes; nil if it refuses the row.
	meaning func(*domain.Staff)
	// fresh is somebody new of whom the list does not say the field; nil refuses the row.
	fresh func(*domain.Staff)
}

// fieldOf makes the four rows of a field.
func fieldOf[T comparable](name string, of func(*domain.ImportRow) *domain.Said[T], value T, changed, meaning, fresh func(*domain.Staff)) field {
	put := func(said domain.Said[T]) func(*domain.ImportRow) {
		return func(r *domain.ImportRow) { *of(r) = said }
	}
	return field{
		name, changed, put(domain.Said[T]{}), put(domain.SaysEmpty[T]()), put(domain.CannotBeRead[T]("is not that")), put(domain.Says(value)),
		meaning, fresh,
	}
}

// importFields begin with somebody who has everything, and is office and workshop staff.
func importFields() []field {
	type row = *domain.ImportRow
	type staff = *domain.Staff
	other := domain.NewPasswordHash("other$hash")
	return []field{
		fieldOf("email", func(r row) *domain.Said[domain.Email] { return &r.Email }, "new@example.test",
			func(s staff) { s.Email = "new@example.test" }, nil, nil),
		fieldOf("first_name", func(r row) *domain.Said[string] { return &r.FirstName }, "New",
			func(s staff) { s.FirstName = "New" }, func(s staff) { s.FirstName = "" }, func(s staff) { s.FirstName = "" }),
		fieldOf("last_name", func(r row) *domain.Said[string] { return &r.LastName }, "New",
			func(s staff) { s.LastName = "New" }, func(s staff) { s.LastName = "" }, func(s staff) { s.LastName = "" }),
		fieldOf("preferred_name", func(r row) *domain.Said[domain.PreferredName] { return &r.PreferredName }, domain.PreferredName{Has: true},
			func(s staff) { s.PreferredName = "" },
			func(s staff) { s.PreferredName, s.HasPreferredName = "", false }, func(s staff) { s.PreferredName, s.HasPreferredName = "", false }),
		fieldOf("is_active", func(r row) *domain.Said[bool] { return &r.IsActive }, true,
			func(s staff) { s.IsActive = true }, nil, func(s staff) { s.IsActive = true }),
		fieldOf("is_office_staff", func(r row) *domain.Said[bool] { return &r.IsOfficeStaff }, false,
			func(s staff) { s.IsOfficeStaff = false }, nil, func(s staff) { s.IsOfficeStaff = false }),
		fieldOf("is_workshop_staff", func(r row) *domain.Said[bool] { return &r.IsWorkshopStaff }, false,
			func(s staff) { s.IsWorkshopStaff = false }, nil, func(s staff) { s.IsWorkshopStaff = false }), // is office staff
		fieldOf("is_superuser", func(r row) *domain.Said[bool] { return &r.IsSuperuser }, false,
			func(s staff) { s.IsSuperuser = false }, nil, func(s staff) { s.IsSuperuser = false }),
		fieldOf("date_left", func(r row) *domain.Said[domain.Date] { return &r.DateLeft }, date("2026-06-30"),
			func(s staff) { s.DateLeft = date("2026-06-30") }, func(s staff) { s.DateLeft = domain.Date{} }, func(s staff) { s.DateLeft = domain.Date{} }),
		fieldOf("password", func(r row) *domain.Said[domain.PasswordHash] { return &r.Hash }, other,
			func(s staff) { s.Credentials.Hash = other }, func(s staff) { s.Credentials.Hash = domain.UnusablePassword }, func(s staff) { s.Credentials.Hash = domain.UnusablePassword }),
		fieldOf("password_needs_reset", func(r row) *domain.Said[bool] { return &r.NeedsReset }, false,
			func(s staff) { s.Credentials.NeedsReset = false }, nil, func(s staff) { s.Credentials.NeedsReset = false }),
	}
}

// somebody is inactive, leaves in summer, has every right, and must change the password.
func somebody() domain.ImportRow {
	profile := person().Profile
	profile.PreferredName, profile.HasPreferredName = "Al", true
	profile.IsActive, profile.DateLeft = false, date("2026-05-31")
	profile.IsOfficeStaff, profile.IsWorkshopStaff, profile.IsSuperuser = true, true, true
	return domain.NewImportRow(1, person().ID, profile, someHash, true)
}

// sameAccount compares what fields of a list can change.
func sameAccount(t *testing.T, what string, got, want domain.Staff) {
	t.Helper()
	if got.Profile != want.Profile || got.Credentials.Hash != want.Credentials.Hash || got.Credentials.NeedsReset != want.Credentials.NeedsReset {
		t.Errorf("%s: the account is\n%+v, want\n%+v", what, got, want)
	}
}

// Each field, of a person who is here, by what the list says of it.
func TestImportTakesEveryFieldThatIsSaidAndNoOther(t *testing.T) {
	for _, f := range importFields() {
		before, last := imported(t, somebody())
		for _, test := range []struct {
			name    string
			row     func(*domain.ImportRow)
			here    func(*domain.Staff) // what has changed here meanwhile
			want    func(*domain.Staff) // nil: the row is refused
			changed bool
		}{
			{"missing", f.missing, nil, func(*domain.Staff) {}, false},
			{"missing, changed here", f.missing, f.changed, f.changed, false},
			{"empty", f.empty, nil, f.meaning, f.meaning != nil},
			{"unreadable", f.unreadable, nil, nil, false},
			{"the same", nil, nil, func(*domain.Staff) {}, false},
			{"the same, changed here", nil, f.changed, f.changed, false},
			{"changed", f.says, nil, f.changed, true},
			{"changed on both sides", f.says, f.changed, f.changed, false},
		} {
			t.Run(f.name+"/"+test.name, func(t *testing.T) {
				got, row := before, somebody()
				if test.here != nil {
					test.here(&got)
				}
				want := got
				if test.row != nil {
					test.row(&row)
				}
				result, err := got.Import(last, row, today(), later)
				if test.want == nil {
					if result != (domain.Imported{Action: domain.ImportRefused}) || !errors.Is(err, domain.ErrInvalidStaff) ||
						!strings.Contains(err.Error(), ": "+f.name+" is ") || got != want {
						t.Errorf("the row is %+v, %v, and the account %+v; want a refusal that names %s", result, err, got, f.name)
					}
					return
				}
				test.want(&want)
				sameAccount(t, "once", got, want)
				wanted := map[bool]domain.ImportAction{true: domain.ImportUpdated, false: domain.ImportUnchanged}[test.changed]
				if err != nil || test.here == nil && result.Action != wanted {
					t.Errorf("the row is %s, %v; want %s", result.Action, err, wanted)
				}
				if again, err := got.Import(result.State, row, today(), later); err != nil || again.Action != domain.ImportUnchanged || again.State != result.State {
					t.Errorf("the same row again is %+v, %v; want it unchanged, and %+v remembered", again, err, result.State)
				}
			})
		}
	}
}

// Each field, of somebody new.
func TestImportOfSomebodyNewOfWhomAFieldIsNotSaid(t *testing.T) {
	for _, f := range importFields() {
		for name, test := range map[string]struct {
			row  func(*domain.ImportRow)
			want func(*domain.Staff)
		}{
			"missing": {f.missing, f.fresh}, "empty": {f.empty, f.meaning}, "unreadable": {f.unreadable, nil}, "changed": {f.says, f.changed},
		} {
			want, _ := imported(t, somebody())
			row := somebody()
			test.row(&row)
			got, result, err := domain.NewImportedStaff(row, porttest.Noon)
			if test.want == nil {
				if got != (domain.Staff{}) || !errors.Is(err, domain.ErrInvalidStaff) || !strings.Contains(err.Error(), f.name+" is ") {
					t.Errorf("%s is %s: %+v, %v; want a refusal that names it", f.name, name, got, err)
				}
				continue
			}
			if test.want(&want); err != nil || result.Action != domain.ImportAdded {
				t.Errorf("%s is %s: %+v, %v", f.name, name, result, err)
			}
			sameAccount(t, f.name+" is "+name, got, want)
			if again, err := got.Import(result.State, row, today(), later); err != nil || again.Action != domain.ImportUnchanged {
				t.Errorf("%s is %s: the same row again is %+v, %v", f.name, name, again, err)
			}
		}
	}
}

// Of somebody new the least is known: the report is told which fields were made up.
func TestAssumed(t *testing.T) {
	bare := domain.ImportRow{ID: person().ID, Email: domain.Says[domain.Email]("new@example.test")}
	staff, _ := imported(t, bare)
	want := domain.Staff{
		ID: bare.ID, Profile: domain.Profile{Email: "new@example.test", IsActive: true},
		Credentials: domain.Credentials{Hash: domain.UnusablePassword}, CreatedAt: porttest.Noon, UpdatedAt: porttest.Noon,
	}
	if staff != want {
		t.Errorf("the account is %+v, want %+v", staff, want)
	}
	for name, test := range map[string]struct {
		row  domain.ImportRow
		want string
	}{
		"nothing said":  {bare, "[is_active date_left is_office_staff is_workshop_staff is_superuser password_needs_reset]"},
		"all said":      {exportRow(), "[]"},
		"as Django has": {exportRow(func(r *domain.ImportRow) { r.IsWorkshopStaff = domain.Said[bool]{} }), "[]"},
		"rights":        {exportRow(func(r *domain.ImportRow) { r.IsSuperuser = domain.Said[bool]{} }), "[is_superuser]"},
	} {
		if got := fmt.Sprint(test.row.Assumed()); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// The shop's Django has no field for workshop staff: those are who is not office staff.
func TestImportOfWorkshopStaff(t *testing.T) {
	office := func(office bool) domain.ImportRow {
		return exportRow(func(r *domain.ImportRow) {
			r.IsOfficeStaff, r.IsWorkshopStaff = domain.Says(office), domain.Said[bool]{}
		})
	}
	said := exportRow(func(r *domain.ImportRow) { r.IsOfficeStaff, r.IsWorkshopStaff = domain.Says(true), domain.Says(true) })
	neither := exportRow(func(r *domain.ImportRow) {
		r.IsOfficeStaff, r.IsWorkshopStaff = domain.Said[bool]{}, domain.Said[bool]{}
	})
	for name, test := range map[string]struct {
		rows             []domain.ImportRow
		office, workshop bool
	}{
		"new, office":                   {[]domain.ImportRow{office(true)}, true, false},
		"new, not office":               {[]domain.ImportRow{office(false)}, false, true},
		"new, neither is said":          {[]domain.ImportRow{neither}, false, false},
		"comes to the office":           {[]domain.ImportRow{office(false), office(true)}, true, false},
		"goes to the workshop":          {[]domain.ImportRow{office(true), office(false)}, false, true},
		"both were said, not any more":  {[]domain.ImportRow{said, office(true)}, true, true},
		"both were said, none any more": {[]domain.ImportRow{said, neither}, true, true},
		"none was said, and one is":     {[]domain.ImportRow{neither, office(false)}, false, false},
	} {
		staff, last := imported(t, test.rows[0])
		for _, row := range test.rows[1:] {
			result, err := staff.Import(last, row, today(), later)
			if last = result.State; err != nil {
				t.Fatal(err)
			}
		}
		if staff.IsOfficeStaff != test.office || staff.IsWorkshopStaff != test.workshop {
			t.Errorf("%s: office %t, workshop %t; want %t, %t", name, staff.IsOfficeStaff, staff.IsWorkshopStaff, test.office, test.workshop)
		}
	}
}

// What a list has said once stays known when a shorter one comes in between.
func TestImportRemembersWhatAShorterListDoesNotSay(t *testing.T) {
	staff, last := imported(t, somebody())
	staff.Activate(today(), later)
	shorter := domain.ImportRow{ID: staff.ID, LastName: domain.Says("New")}
	result, err := staff.Import(last, shorter, today(), later)
	if err != nil || result.Action != domain.ImportUpdated || staff.LastName != "New" || !staff.IsActive {
		t.Fatalf("the shorter list: %+v, %v, %+v", result, err, staff)
	}
	if result, err = staff.Import(result.State, somebody(), today(), later); err != nil || !staff.IsActive || staff.LastName != person().LastName {
		t.Errorf("the first list again: %+v, %v; the account is %+v, want it open and with the first name again", result, err, staff)
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
	result, err := bare.Import(domain.ImportedState{}, row, today(), later)
	if result.Action != domain.ImportUpdated || !result.EndSessions || err != nil {
		t.Errorf("Import is %+v, %v; want an update that ends sessions", result, err)
	}
	if bare.Profile != person().Profile || bare.Credentials.Hash != someHash || bare.Credentials.Version != 1 {
		t.Errorf("the account is %+v, want profile and password of the row", bare)
	}

	own := added
	own.SetPassword(domain.NewPasswordHash("own$hash"), porttest.Noon)
	credentials := own.Credentials
	result, err = own.Import(domain.ImportedState{}, row, today(), later)
	if result.Action != domain.ImportUpdated || result.EndSessions || err != nil {
		t.Errorf("with a password set here, Import is %+v, %v; want an update that does not end sessions", result, err)
	}
	if own.Profile != person().Profile || own.Credentials != credentials {
		t.Errorf("the account is %+v, want the profile of the row and the password set here", own)
	}
}

func TestImportRefuses(t *testing.T) {
	before, last := imported(t, exportRow())
	for name, change := range map[string]func(*domain.ImportRow){
		"address": func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("a b@example.test") },
		"name":    func(r *domain.ImportRow) { r.FirstName = domain.Says("\x00") },
	} {
		after := before
		row := exportRow(change, func(r *domain.ImportRow) { r.Hash = domain.Says(domain.UnusablePassword) })
		result, err := after.Import(last, row, today(), later)
		if result != (domain.Imported{Action: domain.ImportRefused}) || !errors.Is(err, domain.ErrInvalidStaff) {
			t.Errorf("a bad %s: %+v, %v; want a refusal", name, result, err)
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
		"name":        exportRow(func(r *domain.ImportRow) { r.LastName = domain.Says("New") }),
		"hash":        exportRow(func(r *domain.ImportRow) { r.Hash = domain.Says(domain.NewPasswordHash("new$hash")) }),
		"flag":        exportRow(func(r *domain.ImportRow) { r.NeedsReset = domain.Says(true) }),
		"no password": exportRow(func(r *domain.ImportRow) { r.Hash = domain.Said[domain.PasswordHash]{} }),
	} {
		_, state := imported(t, row)
		if other, ok := states[state]; ok {
			t.Errorf("%s and %s are remembered alike", name, other)
		}
		if states[state] = name; state == (domain.ImportedState{}) {
			t.Errorf("%s is remembered like nothing", name)
		}
	}
	again := exportRow(func(r *domain.ImportRow) {
		r.Number, r.Hash = 9, domain.Says(domain.NewPasswordHash(someHash.Reveal()))
	})
	_, first := imported(t, exportRow())
	if _, state := imported(t, again); state != first {
		t.Error("the same row at another place is remembered differently")
	}
}

// A new field of a profile comes in with a list: NewImportRow says it, and the import takes it.
func TestEveryFieldOfAProfileIsImported(t *testing.T) {
	profile := domain.Profile{Email: "somebody@example.test"}
	fill(t, &profile)
	for name, want := range map[string]domain.Profile{"all": profile, "none": {Email: profile.Email}} {
		staff, _, err := domain.NewImportedStaff(domain.NewImportRow(1, person().ID, want, domain.UnusablePassword, false), porttest.Noon)
		if err != nil {
			t.Fatal(err)
		}
		got, wanted := reflect.ValueOf(staff.Profile), reflect.ValueOf(want)
		for i := range got.NumField() {
			if field := got.Type().Field(i).Name; got.Field(i).Interface() != wanted.Field(i).Interface() {
				t.Errorf("%s fields: %s is %v, want %v: add it to ImportRow, NewImportRow, Settle and Profile.take", name, field, got.Field(i), wanted.Field(i))
			}
		}
	}
}

// fill gives each field that is empty a value.
func fill(t *testing.T, profile *domain.Profile) {
	for i := range reflect.TypeFor[domain.Profile]().NumField() {
		switch field := reflect.ValueOf(profile).Elem().Field(i).Addr().Interface().(type) {
		case *domain.Email:
		case *string:
			*field = "some text"
		case *bool:
			*field = true
		case *domain.Date:
			*field = today()
		default:
			t.Fatalf("say in fill what a %T can be", field)
		}
	}
}

// A new field of a row cannot be unreadable without a word.
func TestEveryFieldOfARowIsSettled(t *testing.T) {
	row, said := domain.ImportRow{}, 0
	for i := range reflect.TypeFor[domain.ImportRow]().NumField() {
		field := reflect.ValueOf(&row).Elem().Field(i)
		if !strings.HasPrefix(field.Type().Name(), "Said[") {
			continue
		}
		said++
		field.FieldByName("Form").Set(reflect.ValueOf(domain.SaidUnreadable))
	}
	if problems := row.Settle(); said < 10 || len(problems) != said {
		t.Errorf("of %d unreadable fields Settle names %d: add the new one to ImportRow.Settle\n%q", said, len(problems), problems)
	}
}
