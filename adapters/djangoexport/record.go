package djangoexport

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gatehouse/domain"
)

// fieldNames are the fields that are read, besides the key.
var fieldNames = []string{
	"email", "password", "first_name", "last_name", "preferred_name", "is_active", "is_office_staff",
	"is_staff", "is_workshop_staff", "is_superuser", "password_needs_reset", "date_left",
}

// A record is one person in either format.
type record struct {
	line   int
	key    string // the name of the primary key
	values map[string]value
	// damage is what is wrong with the record as a whole. Then what is missing may be
	// missing because of it, and does not count.
	damage   string
	problems []string
}

// row turns the record into a row without a number.
func (r *record) row() domain.ImportRow {
	row := domain.ImportRow{
		ID:         r.staffID(),
		Profile:    r.profile(),
		Hash:       r.password(),
		NeedsReset: r.flag("password_needs_reset", false),
	}
	if r.damage != "" {
		r.problems = slices.Insert(r.problems, 0, r.damage)
	}
	if len(r.problems) > 0 {
		row.Problem = fmt.Errorf("%w: line %d: %s", domain.ErrInvalidStaff, r.line, strings.Join(r.problems, "; "))
	}
	return row
}

func (r *record) profile() domain.Profile {
	profile := domain.Profile{
		Email:       r.email(),
		FirstName:   r.text("first_name"),
		LastName:    r.text("last_name"),
		IsActive:    r.flag("is_active", true),
		IsSuperuser: r.flag("is_superuser", false),
		DateLeft:    r.date("date_left"),
	}
	profile.PreferredName, profile.HasPreferredName = r.textOrNull("preferred_name")
	profile.IsOfficeStaff = r.officeStaff()
	profile.IsWorkshopStaff = r.flag("is_workshop_staff", !profile.IsOfficeStaff)
	return profile
}

func (r *record) staffID() domain.StaffID {
	switch v := r.values[r.key]; v.kind {
	case absent, null:
		r.missing(r.key)
	case number:
		r.problem(r.key, "is a number, but staff ids must be UUIDs")
	case text, cell:
		return r.parseID(v.text)
	default:
		r.wrong(r.key, v, "is not a UUID")
	}
	return ""
}

func (r *record) parseID(content string) domain.StaffID {
	id, err := domain.ParseStaffID(withDashes(content))
	switch {
	case err == nil:
		return id
	case content == "":
		r.missing(r.key)
	case strings.Trim(content, "0123456789") == "":
		r.problem(r.key, "is a number, but staff ids must be UUIDs")
	default:
		r.problem(r.key, "is not a UUID")
	}
	return ""
}

// withDashes spells out the form without dashes, which Django uses where the database
// has no type for UUIDs.
func withDashes(id string) string {
	if len(id) != 32 {
		return id
	}
	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
}

// email takes off the white space that spreadsheets and people leave around addresses.
func (r *record) email() domain.Email {
	if r.values["email"].kind == absent {
		r.missing("email")
		return ""
	}
	address := strings.Trim(r.text("email"), " \t\r\n\v\f")
	if address == "" {
		r.problem("email", "is empty")
	}
	return domain.Email(address)
}

// maxHashLength is in bytes; Django's column holds 128 characters.
const maxHashLength = 1024

// algorithms are those with which the shop's Django hashes, as it names them.
var algorithms = []string{"pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt", "scrypt"}

// password takes what is no hash of these for an unusable one: nobody could sign in with
// it, and it may be a password as it was typed, which must not be kept.
func (r *record) password() domain.PasswordHash {
	if r.values["password"].kind == absent {
		r.missing("password")
		return domain.PasswordHash{}
	}
	switch hash := r.text("password"); {
	case len(hash) > maxHashLength:
		r.problem("password", fmt.Sprintf("is longer than %d bytes", maxHashLength))
	case strings.ContainsFunc(hash, unicode.IsControl):
		r.problem("password", "contains a control character")
	case hash == "" && r.blames("password"):
	default:
		return usable(hash)
	}
	return domain.PasswordHash{}
}

func usable(hash string) domain.PasswordHash {
	algorithm, _, hashed := strings.Cut(hash, "$")
	if !hashed || !slices.Contains(algorithms, algorithm) {
		return domain.UnusablePassword
	}
	return domain.NewPasswordHash(hash)
}

// officeStaff falls back to the name that the field had before.
func (r *record) officeStaff() bool {
	if r.values["is_office_staff"].given() {
		return r.flag("is_office_staff", false)
	}
	return r.flag("is_staff", false)
}
