package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

type staffJSON struct {
	ID                 string
	Email              string
	FirstName          string  `json:"first_name"`
	LastName           string  `json:"last_name"`
	PreferredName      *string `json:"preferred_name"`
	FullName           string  `json:"full_name"`
	IsActive           bool    `json:"is_active"`
	IsOfficeStaff      bool    `json:"is_office_staff"`
	IsWorkshopStaff    bool    `json:"is_workshop_staff"`
	IsSuperuser        bool    `json:"is_superuser"`
	DateLeft           *string `json:"date_left"`
	Status             string
	PasswordUsable     bool      `json:"password_usable"`
	PasswordNeedsReset bool      `json:"password_needs_reset"`
	PasswordAlgorithm  *string   `json:"password_algorithm"`
	CreatedAt          time.Time `json:"created_at"`
	UpdatedAt          time.Time `json:"updated_at"`
}

func fullPerson(t *testing.T) domain.Staff {
	person := porttest.Person(1)
	person.PreferredName, person.HasPreferredName = "Tāne-nui", true
	person.IsOfficeStaff, person.IsSuperuser = true, true
	person.DateLeft = date(t, "2026-12-24")
	person.Credentials.Hash = domain.NewPasswordHash("argon2$secret$parts")
	person.Credentials.NeedsReset = true
	person.UpdatedAt = porttest.Noon.Add(90*time.Minute + 5*time.Millisecond)
	return person
}

func TestShow(t *testing.T) {
	s := newShop()
	s.save(t, fullPerson(t), porttest.Person(2))
	same(t, s.do(t, "staff", "show", "PERSON1@example.test"), `id:                    00000000-0000-4000-8000-000000000001
email:                 Person1@example.test
first_name:            Tāne
last_name:             Number 1
preferred_name:        Tāne-nui
full_name:             Tāne Number 1
is_active:             yes
is_office_staff:       yes
is_workshop_staff:     yes
is_superuser:          yes
date_left:             2026-12-24
status:                leaves
password_usable:       yes
password_needs_reset:  yes
password_algorithm:    argon2
created_at:            2026-03-02T12:00:00.000Z
updated_at:            2026-03-02T13:30:00.005Z
wrong_passwords:       0
held:                  no
`)
	bare := s.do(t, "staff", "show", "person2@example.test")
	for _, line := range []string{"preferred_name:        -\n", "date_left:             -\n", "password_usable:       no\n", "password_algorithm:    -\n"} {
		if !strings.Contains(bare, line) {
			t.Errorf("no line %q in\n%s", line, bare)
		}
	}
}

func TestShowJSON(t *testing.T) {
	s := newShop()
	person := fullPerson(t)
	s.save(t, person, porttest.Person(2))
	got := parsed[staffJSON](t, s.do(t, "staff", "show", "--json", "person1@example.test"))
	preferred, left, algorithm := "Tāne-nui", "2026-12-24", "argon2"
	if got.PreferredName == nil || *got.PreferredName != preferred || got.DateLeft == nil || *got.DateLeft != left ||
		got.PasswordAlgorithm == nil || *got.PasswordAlgorithm != algorithm {
		t.Errorf("account is %+v", got)
	}
	got.PreferredName, got.DateLeft, got.PasswordAlgorithm = nil, nil, nil
	want := staffJSON{
		ID: string(person.ID), Email: "Person1@example.test", FirstName: "Tāne", LastName: "Number 1",
		FullName: "Tāne Number 1", IsActive: true, IsOfficeStaff: true, IsWorkshopStaff: true, IsSuperuser: true,
		Status: "leaves", PasswordUsable: true, PasswordNeedsReset: true, CreatedAt: person.CreatedAt, UpdatedAt: person.UpdatedAt,
	}
	if got != want {
		t.Errorf("account is\n%+v, want\n%+v", got, want)
	}
	bare := parsed[staffJSON](t, s.do(t, "staff", "show", "--json", "person2@example.test"))
	if bare.PreferredName != nil || bare.DateLeft != nil || bare.PasswordAlgorithm != nil || bare.PasswordUsable {
		t.Errorf("account is %+v, want null for what there is not", bare)
	}
}

func TestEmptyPreferredNameIsNotNone(t *testing.T) {
	s := newShop()
	person := porttest.Person(1)
	person.HasPreferredName = true
	s.save(t, person)
	got := parsed[staffJSON](t, s.do(t, "staff", "show", "--json", "person1@example.test"))
	if got.PreferredName == nil || *got.PreferredName != "" {
		t.Error("the empty preferred name is null")
	}
}

func TestHashIsNeverShown(t *testing.T) {
	for hash, algorithm := range map[string]string{
		"pbkdf2_sha256$600000$salt$sum": "pbkdf2_sha256",
		"argon2$argon2id$v=19$m=1$x$y":  "argon2",
		"!argon2$x":                     "-",
		"":                              "-",
		"plain-sight":                   "-",
		"plainsight":                    "-",
		"$2b$12$abc":                    "-",
		"My Passw0rd is $ign":           "-",
		strings.Repeat("a", 60) + "$b":  "-",
	} {
		s := newShop()
		person := porttest.Person(1)
		person.Credentials.Hash = domain.NewPasswordHash(hash)
		s.save(t, person)
		out := s.do(t, "staff", "show", "person1@example.test")
		if want := "password_algorithm:    " + algorithm + "\n"; !strings.Contains(out, want) {
			t.Errorf("of the hash %q there is shown\n%s", hash, out)
		}
	}
}

func TestShowNobody(t *testing.T) {
	newShop().refuse(t, false, `nobody has the address x\x1b@y.test: see gatehouse staff list`, "staff", "show", "x\x1b@y.test")
}

// Operators see the value of every column, in each form that the commands have, and the example of an export
// has it.
func TestEveryColumnIsShown(t *testing.T) {
	example := newShop().do(t, "staff", "import", "--example")
	porttest.EachColumn(func(column string, one, other domain.Staff) {
		was, is := shownOf(t, one), shownOf(t, other)
		for form := range was {
			before, told := was[form][column]
			if !told || before == is[form][column] {
				t.Errorf("%s does not tell %s: %q, whoever it is: add its value to staffObject in account.go", form, column, before)
			}
		}
		if !strings.Contains(example, `"`+column+`": `) {
			t.Errorf("the example of an export has no %s: add it to example.json", column)
		}
	})
}

// shownOf is what the commands tell of somebody, by the form and the column.
func shownOf(t *testing.T, staff domain.Staff) map[string]map[string]string {
	t.Helper()
	s := newShop()
	s.save(t, staff)
	texts := func(members map[string]any) map[string]string {
		told := map[string]string{}
		for name, value := range members {
			told[name] = fmt.Sprint(value)
		}
		return told
	}
	lines := map[string]string{}
	for line := range strings.Lines(s.do(t, "staff", "show", string(staff.Email))) {
		name, value, _ := strings.Cut(line, ":")
		lines[name] = strings.TrimSpace(value)
	}
	return map[string]map[string]string{
		"staff show":        lines,
		"staff show --json": texts(parsed[map[string]any](t, s.do(t, "staff", "show", "--json", string(staff.Email)))),
		"staff list --json": texts(parsed[[]map[string]any](t, s.do(t, "staff", "list", "--json"))[0]),
	}
}
