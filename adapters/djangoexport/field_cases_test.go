package djangoexport_test

import (
	"errors"
	"strings"

	"gatehouse/domain"
)

// fieldCases hold for the formats in which they are spelled: not everything can be said
// in both.
var fieldCases = []struct {
	name string
	json changes
	cell changes
	want func(*person)
}{
	{"nothing else said", changes{}, changes{}, func(*person) {}},
	{"unknown fields", changes{"wage": "1e99999", "e-mail": `"x"`, "PASS": "[]", "x": "[{},null]"},
		changes{"wage": "1e99999", "e-mail": "x", "": "y"}, func(*person) {}},
	{"names in other case and with space", changes{" First_Name": `"Al"`, "IS_SUPERUSER\u00a0": "true"}, changes{" First_Name": "Al", "IS_SUPERUSER\u00a0": "True"},
		func(p *person) { p.FirstName, p.IsSuperuser = domain.Says("Al"), domain.Says(true) }},
	{"id in capitals", changes{"pk": `"` + strings.ToUpper(aStaffID) + `"`}, changes{"id": strings.ToUpper(aStaffID)}, func(*person) {}},
	{"id without dashes", changes{"pk": `"7d3f1c529a404e6b8c1d2f5a6b7c8d01"`}, changes{"id": "7D3F1C529A404E6B8C1D2F5A6B7C8D01"}, func(*person) {}},
	{"id of digits", changes{"pk": `"12345678901234567890123456789012"`}, changes{"id": "12345678901234567890123456789012"},
		func(p *person) { p.ID = "12345678-9012-3456-7890-123456789012" }},
	{"space around the address", changes{"email": `" \ta@b.example\r\n"`}, changes{"email": " a@b.example  "}, func(*person) {}},
	{"space within the address", changes{"email": `"a @b.example"`}, changes{"email": "a @b.example"}, func(p *person) { p.Email = domain.Says[domain.Email]("a @b.example") }},
	{"other space is not taken off", changes{"email": `"\u00a0a@b.example"`}, changes{"email": "\u00a0a@b.example"},
		func(p *person) { p.Email = domain.Says[domain.Email]("\u00a0a@b.example") }},
	{"names", changes{"first_name": `" Zoë"`, "last_name": `"\ud83d\ude00\\ud800"`}, changes{"first_name": " Zoë", "last_name": `😀\ud800`},
		func(p *person) { p.FirstName, p.LastName = domain.Says(" Zoë"), domain.Says(`😀\ud800`) }},
	{"replacement character", changes{"first_name": `"Jos\ufffd"`}, changes{"first_name": "Jos\ufffd"}, func(p *person) { p.FirstName = domain.Says("Jos\ufffd") }},
	{"escaped name of a field", changes{`l\u0061st_name`: `"Ek"`}, nil, func(p *person) { p.LastName = domain.Says("Ek") }},
	{"NUL in a name", changes{"first_name": `"\u0000"`}, changes{"first_name": "\x00"}, func(p *person) { p.FirstName = domain.Says("\x00") }},
	{"preferred name", changes{"preferred_name": `"Al"`}, changes{"preferred_name": "Al"},
		func(p *person) { p.PreferredName = domain.Says(domain.PreferredName{Name: "Al", Has: true}) }},
	{"no preferred name", changes{"preferred_name": "null"}, changes{"preferred_name": ""},
		func(p *person) { p.PreferredName = domain.Says(domain.PreferredName{}) }},
	{"empty preferred name", changes{"preferred_name": `""`}, nil, func(p *person) { p.PreferredName = domain.Says(domain.PreferredName{Has: true}) }},
	{"inactive", changes{"is_active": "false"}, changes{"is_active": "False"}, func(p *person) { p.IsActive = domain.Says(false) }},
	{"active", changes{"is_active": "true"}, changes{"is_active": "True"}, func(p *person) { p.IsActive = domain.Says(true) }},
	{"superuser", changes{"is_superuser": "true"}, changes{"is_superuser": "t"}, func(p *person) { p.IsSuperuser = domain.Says(true) }},
	{"reset", changes{"password_needs_reset": "true"}, changes{"password_needs_reset": "1"}, func(p *person) { p.NeedsReset = domain.Says(true) }},
	{"no reset", changes{"password_needs_reset": "false", "is_superuser": "false"}, changes{"password_needs_reset": "0", "is_superuser": "f"},
		func(p *person) { p.NeedsReset, p.IsSuperuser = domain.Says(false), domain.Says(false) }},
	{"office", changes{"is_office_staff": "true"}, changes{"is_office_staff": "true"}, func(p *person) { p.IsOfficeStaff = domain.Says(true) }},
	{"office by its older name", changes{"is_staff": "true"}, changes{"is_staff": "True"}, func(p *person) { p.IsOfficeStaff = domain.Says(true) }},
	{"the newer name counts", changes{"is_staff": `"what"`, "is_office_staff": "false"}, changes{"is_staff": "what", "is_office_staff": "false"},
		func(p *person) { p.IsOfficeStaff = domain.Says(false) }},
	{"office and workshop", changes{"is_office_staff": "true", "is_workshop_staff": "true"}, changes{"is_office_staff": "1", "is_workshop_staff": "1"},
		func(p *person) { p.IsOfficeStaff, p.IsWorkshopStaff = domain.Says(true), domain.Says(true) }},
	{"not workshop", changes{"is_workshop_staff": "false"}, changes{"is_workshop_staff": "false"}, func(p *person) { p.IsWorkshopStaff = domain.Says(false) }},
	{"empty password", changes{"password": `""`}, changes{"password": ""}, func(p *person) { p.hash = "!" }},
	{"longest password", changes{"password": `"` + strings.Repeat("x", 1024) + `"`}, changes{"password": strings.Repeat("x", 1024)},
		func(p *person) { p.hash = "!" }},
	{"password as it was typed", changes{"password": `"pa$$w$rd"`}, changes{"password": "pa$$w$rd"}, func(p *person) { p.hash = "!" }},
	{"name of an algorithm alone", changes{"password": `"argon2"`}, changes{"password": "argon2"}, func(p *person) { p.hash = "!" }},
	{"algorithm that is not one of Django's", changes{"password": `"md5$salt$00"`}, changes{"password": "md5$salt$00"}, func(p *person) { p.hash = "!" }},
	{"space before a hash", changes{"password": `" argon2$x"`}, changes{"password": " argon2$x"}, func(p *person) { p.hash = "!" }},
	{"not left", changes{"date_left": "null"}, changes{"date_left": ""}, func(p *person) { p.DateLeft = domain.Says(domain.Date{}) }},
	{"not left, in words", changes{"date_left": `""`}, nil, func(p *person) { p.DateLeft = domain.Says(domain.Date{}) }},
	{"left", changes{"date_left": `"2024-02-29"`}, changes{"date_left": "2024-02-29"}, func(p *person) { p.DateLeft = domain.Says(day("2024-02-29")) }},
	{"left at a time", changes{"date_left": `"2020-01-31T23:59:59.123456Z"`}, changes{"date_left": "2020-01-31T00:00:00"},
		func(p *person) { p.DateLeft = domain.Says(day("2020-01-31")) }},
	{"left in a zone without a colon", nil, changes{"date_left": "2020-01-31 00:00:00-0500"},
		func(p *person) { p.DateLeft = domain.Says(day("2020-01-31")) }},
	{"left in a zone", changes{"date_left": `"2020-01-31 00:00:00+13:00"`}, changes{"date_left": "2020-01-31 00:00:00+00"},
		func(p *person) { p.DateLeft = domain.Says(day("2020-01-31")) }},

	{"no id", changes{"pk": ""}, nil, problem("pk is missing", func(p *person) { p.ID = "" })},
	{"null id", changes{"pk": "null"}, changes{"id": ""}, problem("KEY is missing", func(p *person) { p.ID = "" })},
	{"number", changes{"pk": "17"}, changes{"id": "17"}, problem("KEY is a number, but staff ids must be UUIDs", func(p *person) { p.ID = "" })},
	{"number as text", changes{"pk": `"17"`}, nil, problem("pk is a number, but staff ids must be UUIDs", func(p *person) { p.ID = "" })},
	{"huge number", changes{"pk": "-1e999999999"}, nil, problem("pk is a number, but staff ids must be UUIDs", func(p *person) { p.ID = "" })},
	{"no UUID", changes{"pk": `"` + secret + `"`}, changes{"id": secret}, problem("KEY is not a UUID", func(p *person) { p.ID = "" })},
	{"UUID with space", changes{"pk": `" ` + aStaffID + `"`}, changes{"id": " " + aStaffID}, problem("KEY is not a UUID", func(p *person) { p.ID = "" })},
	{"id in a list", changes{"pk": "[1]"}, nil, problem("pk is not a UUID", func(p *person) { p.ID = "" })},
	{"no address", changes{"email": ""}, nil, func(p *person) { p.Email = domain.Said[domain.Email]{} }},
	{"empty address", changes{"email": `" "`}, changes{"email": ""}, problem("email is empty", func(p *person) { p.Email = domain.Said[domain.Email]{} })},
	{"null address", changes{"email": "null"}, nil, problem("email is not text", func(p *person) { p.Email = domain.Said[domain.Email]{} })},
	{"no password", changes{"password": ""}, nil, func(p *person) { p.hash = "" }},
	{"null password", changes{"password": "null"}, nil, problem("password is not text", func(p *person) { p.hash = "" })},
	{"password too long", changes{"password": `"` + strings.Repeat("é", 513) + `"`}, changes{"password": strings.Repeat("x", 1025)},
		problem("password is longer than 1024 bytes", func(p *person) { p.hash = "" })},
	{"NUL in the password", changes{"password": `"x\u0000"`}, changes{"password": "x\x00"}, problem("password contains a control character", func(p *person) { p.hash = "" })},
	{"newline in the password", changes{"password": `"x\n"`}, changes{"password": "\"x\n\""}, problem("password contains a control character", func(p *person) { p.hash = "" })},
	{"name that is a number", changes{"first_name": "7"}, nil, problem("first_name is not text", nil)},
	{"name that is null", changes{"last_name": "null"}, nil, problem("last_name is not text", nil)},
	{"preferred name that is a list", changes{"preferred_name": "[]"}, nil, problem("preferred_name is not text", nil)},
	{"half a character", changes{"first_name": `"\ud83d"`, "last_name": `"\ude00\ud83d"`, "preferred_name": `"\ud83dx\ude00"`}, nil,
		problem("first_name contains half a character (an unpaired surrogate); last_name contains half a character (an unpaired surrogate); "+
			"preferred_name contains half a character (an unpaired surrogate)", nil)},
	{"half a character in the password", changes{"password": `"\udc00"`}, nil,
		problem("password contains half a character (an unpaired surrogate)", func(p *person) { p.hash = "" })},
	{"flag that is a number", changes{"is_superuser": "1"}, changes{"is_superuser": "2"}, problem("is_superuser is neither true nor false", nil)},
	{"flag that is text", changes{"is_superuser": `"true"`}, changes{"is_superuser": "yes"}, problem("is_superuser is neither true nor false", nil)},
	{"flag that is null", changes{"password_needs_reset": "null"}, changes{"password_needs_reset": ""}, problem("password_needs_reset is empty, and must say true or false", nil)},
	{"flag that is empty", nil, changes{"is_active": ""}, problem("is_active is empty, and must say true or false", nil)},
	{"flags that are empty", nil, changes{"is_superuser": "", "is_office_staff": "", "is_workshop_staff": ""},
		problem("is_superuser is empty, and must say true or false; is_office_staff is empty, and must say true or false; is_workshop_staff is empty, and must say true or false", nil)},
	{"flag with space", nil, changes{"password_needs_reset": " true"}, problem("password_needs_reset is neither true nor false", nil)},
	{"empty newer name", changes{"is_staff": "true", "is_office_staff": "null"}, changes{"is_staff": "True", "is_office_staff": ""},
		problem("is_office_staff is empty, and must say true or false", nil)},
	{"older name that is no flag", changes{"is_staff": `"what"`}, changes{"is_staff": "what"}, problem("is_office_staff (is_staff) is neither true nor false", nil)},
	{"field twice in other case", changes{"Email": `"x@y.example"`}, nil, problem("email appears twice", func(p *person) { p.Email = domain.Said[domain.Email]{} })},
	{"date that does not exist", changes{"date_left": `"2023-02-29"`}, changes{"date_left": "2023-02-29"}, problem("date_left is not a date like 2020-01-31", nil)},
	{"date in another order", changes{"date_left": `"31.01.2020"`}, changes{"date_left": "31/01/2020"}, problem("date_left is not a date like 2020-01-31", nil)},
	{"date and nonsense", changes{"date_left": `"2020-01-31 noon"`}, changes{"date_left": "2020-01-31T25:00:00Z"}, problem("date_left is not a date like 2020-01-31", nil)},
	{"date that is a number", changes{"date_left": "20200131"}, changes{"date_left": "20200131"}, problem("date_left is not a date like 2020-01-31", nil)},
	{"several", changes{"pk": "1", "email": "1", "password": "1", "is_active": "1"}, nil,
		problem("pk is a number, but staff ids must be UUIDs; email is not text; is_active is neither true nor false; password is not text",
			func(p *person) { p.ID, p.Email, p.hash = "", domain.Said[domain.Email]{}, "" })},
}

// problem expects the complaint, with pk or id for KEY, and what is lost by it.
func problem(complaint string, lost func(*person)) func(*person) {
	return func(p *person) {
		p.Problem = errors.New(complaint)
		if lost != nil {
			lost(p)
		}
	}
}
