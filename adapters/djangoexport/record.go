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

// passedOver are the other fields of the shop's Django: nobody misses them here.
var passedOver = []string{
	"last_login", "date_joined", "created_at", "updated_at", "groups", "user_permissions", "icon",
	"wage_rate", "base_wage_rate", "xero_user_id", "default_labour_subtype",
	"hours_mon", "hours_tue", "hours_wed", "hours_thu", "hours_fri", "hours_sat", "hours_sun",
}

// fieldName is how a name is compared: people and spreadsheets write "Email" and " email".
func fieldName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// unknownNames remembers the first few names of fields that nobody knows.
type unknownNames []string

const maxUnknownNames = 20

func (u *unknownNames) add(name string) {
	known := name == "" || name == "id" || slices.Contains(fieldNames, name) || slices.Contains(passedOver, name)
	if !known && len(*u) < maxUnknownNames && !slices.Contains(*u, name) {
		*u = append(*u, strings.ToValidUTF8(strings.Clone(name[:min(len(name), maxNameLength)]), ""))
	}
}

// maxNameLength is in bytes, and more than any name in a database needs.
const maxNameLength = 64

// A record is one person in either format.
type record struct {
	line   int
	key    string // the name of the primary key
	values map[string]value
	// damage is what is wrong with the record as a whole. Then what is missing may be
	// missing because of it, and does not count.
	damage  string
	problem string // with the key
}

// row turns the record into a row without a number.
func (r *record) row() domain.ImportRow {
	row := domain.ImportRow{
		ID:              r.staffID(),
		Email:           r.email(),
		FirstName:       r.text("first_name"),
		LastName:        r.text("last_name"),
		PreferredName:   r.preferredName(),
		IsActive:        r.flag("is_active"),
		IsOfficeStaff:   r.officeStaff(),
		IsWorkshopStaff: r.flag("is_workshop_staff"),
		IsSuperuser:     r.flag("is_superuser"),
		DateLeft:        r.date("date_left"),
		Hash:            r.password(),
		NeedsReset:      r.flag("password_needs_reset"),
	}
	problems := row.Settle()
	if r.problem != "" {
		problems = slices.Insert(problems, 0, r.key+" "+r.problem)
	}
	if r.damage != "" {
		problems = slices.Insert(problems, 0, r.damage)
	}
	if len(problems) > 0 {
		row.Problem = fmt.Errorf("%w: line %d: %s", domain.ErrInvalidStaff, r.line, strings.Join(problems, "; "))
	}
	return row
}

func (r *record) staffID() domain.StaffID {
	switch v := r.values[r.key]; v.kind {
	case absent, null:
		r.missingID()
	case number:
		r.problem = notAnUUIDButANumber
	case text, cell:
		return r.parseID(v.text)
	default:
		r.problem = v.complaint("is not a UUID")
	}
	return ""
}

const notAnUUIDButANumber = "is a number, but staff ids must be UUIDs"

func (r *record) parseID(content string) domain.StaffID {
	id, err := domain.ParseStaffID(withDashes(content))
	switch {
	case err == nil:
		return id
	case content == "":
		r.missingID()
	case strings.Trim(content, "0123456789") == "":
		r.problem = notAnUUIDButANumber
	default:
		r.problem = "is not a UUID"
	}
	return ""
}

func (r *record) missingID() {
	if r.damage == "" {
		r.problem = "is missing"
	}
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
func (r *record) email() domain.Said[domain.Email] {
	return convert(r.text("email"), func(text string) domain.Said[domain.Email] {
		if text = strings.Trim(text, " \t\r\n\v\f"); text == "" {
			return domain.SaysEmpty[domain.Email]()
		}
		return domain.Says(domain.Email(text))
	})
}

// maxHashLength is in bytes; Django's column holds 128 characters.
const maxHashLength = 1024

// password keeps hashes of a known algorithm. Anything else becomes the unusable hash: no sign-in
// could match it, and it may be a password as it was typed, which must not be kept.
func (r *record) password() domain.Said[domain.PasswordHash] {
	return convert(r.text("password"), func(hash string) domain.Said[domain.PasswordHash] {
		switch {
		case len(hash) > maxHashLength:
			return domain.CannotBeRead[domain.PasswordHash](fmt.Sprintf("is longer than %d bytes", maxHashLength))
		case strings.ContainsFunc(hash, unicode.IsControl):
			return domain.CannotBeRead[domain.PasswordHash]("contains a control character")
		}
		return domain.Says(usable(domain.NewPasswordHash(hash)))
	})
}

func usable(hash domain.PasswordHash) domain.PasswordHash {
	if hash.Algorithm() == "" {
		return domain.UnusablePassword
	}
	return hash
}

// officeStaff falls back to the name that the field had before.
func (r *record) officeStaff() domain.Said[bool] {
	if office := r.flag("is_office_staff"); office != (domain.Said[bool]{}) {
		return office
	}
	office := r.flag("is_staff")
	if office.Form == domain.SaidUnreadable {
		office.Why = "(is_staff) " + office.Why
	}
	return office
}
