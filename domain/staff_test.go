package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

var (
	later    = porttest.Noon.Add(time.Hour)
	someHash = domain.NewPasswordHash("some$hash")
)

// today is the day on which the fixtures' world begins, in its time zone.
func today() domain.Date { return porttest.Policy().Today(porttest.Noon) }

// person is somebody who can sign in.
func person(changes ...func(*domain.Staff)) domain.Staff {
	staff := porttest.Person(1)
	staff.Credentials.Hash = someHash
	for _, change := range changes {
		change(&staff)
	}
	return staff
}

func inactive(s *domain.Staff) { s.IsActive = false }
func unusable(s *domain.Staff) { s.Credentials.Hash = domain.UnusablePassword }
func resetDue(s *domain.Staff) { s.Credentials.NeedsReset = true }

func leaving(on string) func(*domain.Staff) {
	return func(s *domain.Staff) { s.DateLeft = date(on) }
}

// mustRefuse checks that err is the refusal want for the reason.
func mustRefuse(t *testing.T, what string, err, want error, reason domain.Reason) {
	t.Helper()
	if !errors.Is(err, want) || domain.ReasonOf(err) != reason {
		t.Errorf("%s: %v (%q), want %v (%q)", what, err, domain.ReasonOf(err), want, reason)
	}
}

func TestParseStaffID(t *testing.T) {
	const canonical = domain.StaffID("0f8fad5b-d9cb-469f-a165-70867728950e")
	for _, text := range []string{string(canonical), "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8FAD5b-d9cb-469f-a165-70867728950e"} {
		if got, err := domain.ParseStaffID(text); got != canonical || err != nil {
			t.Errorf("ParseStaffID(%q) is %q, %v; want %q", text, got, err, canonical)
		}
	}
	for _, text := range []string{
		"", "1", "0f8fad5bd9cb469fa16570867728950e", "{0f8fad5b-d9cb-469f-a165-70867728950e}",
		"urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", " 0f8fad5b-d9cb-469f-a165-70867728950e",
		"0f8fad5b-d9cb-469f-a165-70867728950", "0f8fad5b-d9cb-469f-a165-70867728950e0",
		"0f8fad5b-d9cb-469f-a165-70867728950g", "0f8fad5b-d9cb-469f-a165-70867728950\xff", "0f8fad5b-d9cb-469f-a165-7086772895é",
		"0f8fad5bd-9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165--0867728950e", "------------------------------------",
		"0f8fad5b:d9cb:469f:a165:70867728950e", "0f8fad5b0d9cb0469f0a165070867728950e", "@f8fad5b-d9cb-469f-a165-70867728950e", "`f8fad5b-d9cb-469f-a165-70867728950e",
	} {
		if got, err := domain.ParseStaffID(text); err == nil || got != "" {
			t.Errorf("ParseStaffID(%q) is %q, %v; want an error and no id", text, got, err)
		}
	}
}

func TestProfileValidate(t *testing.T) {
	long := strings.Repeat("ā", domain.MaxNameLength)
	for _, test := range []struct {
		name    string
		change  func(*domain.Profile)
		problem string // part of the refusal, "" if the profile is good
	}{
		{"as it is", func(*domain.Profile) {}, ""},
		{"no names", func(p *domain.Profile) { p.FirstName, p.LastName, p.PreferredName = "", "", "" }, ""},
		{"longest names", func(p *domain.Profile) { p.FirstName, p.LastName, p.PreferredName = long, long, long }, ""},
		{"no address", func(p *domain.Profile) { p.Email = "" }, "e-mail"},
		{"bad address", func(p *domain.Profile) { p.Email = "kim @example.test" }, "white space"},
		{"long first name", func(p *domain.Profile) { p.FirstName = long + "a" }, "first_name"},
		{"long last name", func(p *domain.Profile) { p.LastName = long + "a" }, "last_name"},
		{"long preferred name", func(p *domain.Profile) { p.PreferredName = long + "a" }, "preferred_name"},
		{"NUL in a name", func(p *domain.Profile) { p.LastName = "a\x00b" }, "last_name"},
		{"name that is not UTF-8", func(p *domain.Profile) { p.FirstName = "T\xe4ne" }, "first_name"},
	} {
		profile := porttest.Person(1).Profile
		test.change(&profile)
		err := profile.Validate()
		switch {
		case test.problem == "" && err != nil:
			t.Errorf("%s: %v, want no error", test.name, err)
		case test.problem != "" && (!errors.Is(err, domain.ErrInvalidStaff) || !strings.Contains(err.Error(), test.problem)):
			t.Errorf("%s: %v, want ErrInvalidStaff that names %s", test.name, err, test.problem)
		}
	}
}

func TestFullName(t *testing.T) {
	for _, test := range []struct{ first, last, want string }{
		{"Tāne", "Mahuta", "Tāne Mahuta"}, {"Tāne", "", "Tāne"}, {"", "Mahuta", "Mahuta"}, {"", "", ""},
	} {
		if got := (domain.Profile{FirstName: test.first, LastName: test.last}).FullName(); got != test.want {
			t.Errorf("the full name of %q and %q is %q, want %q", test.first, test.last, got, test.want)
		}
	}
}

func TestNewStaff(t *testing.T) {
	profile := porttest.Person(1).Profile
	staff, err := domain.NewStaff("an id", profile, later)
	if err != nil {
		t.Fatal(err)
	}
	if staff.ID != "an id" || staff.Profile != profile || staff.CreatedAt != later || staff.UpdatedAt != later {
		t.Errorf("the account is %+v, want the id, the profile and the time given", staff)
	}
	if staff.Credentials.Hash.Usable() || staff.Credentials.NeedsReset || !staff.SessionsEndedAt.IsZero() {
		t.Errorf("the account is %+v, want one without a password or a history", staff)
	}
	profile.Email = ""
	if staff, err := domain.NewStaff("an id", profile, later); !errors.Is(err, domain.ErrInvalidStaff) || staff != (domain.Staff{}) {
		t.Errorf("without an address: %+v, %v; want ErrInvalidStaff and no account", staff, err)
	}
}

func TestCheckStanding(t *testing.T) {
	for _, test := range []struct {
		name   string
		staff  domain.Staff
		reason domain.Reason // "" if in good standing
	}{
		{"active", person(), ""},
		{"leaves tomorrow", person(leaving("2026-03-04")), ""},
		{"left today", person(leaving("2026-03-03")), domain.ReasonLeft},
		{"left yesterday", person(leaving("2026-03-02")), domain.ReasonLeft},
		{"inactive", person(inactive), domain.ReasonInactive},
		{"inactive, leaves tomorrow", person(inactive, leaving("2026-03-04")), domain.ReasonInactive},
		{"inactive and left", person(inactive, leaving("2026-03-02")), domain.ReasonInactive},
		{"without a password", person(unusable, resetDue), ""},
	} {
		err := test.staff.CheckStanding(date("2026-03-03"))
		if test.reason == "" {
			if err != nil {
				t.Errorf("%s: %v, want good standing", test.name, err)
			}
			continue
		}
		mustRefuse(t, test.name, err, domain.ErrAccountInactive, test.reason)
	}
}

// A leaving date takes effect at midnight where the shop is, whatever the day is in UTC.
func TestLeavingTakesEffectAtLocalMidnight(t *testing.T) {
	for _, test := range []struct {
		hours    int
		midnight string // the first moment of 3 March there
	}{
		{13, "2026-03-02T11:00:00Z"}, {0, "2026-03-03T00:00:00Z"}, {-11, "2026-03-03T11:00:00Z"},
	} {
		policy := porttest.Policy()
		policy.TimeZone = time.FixedZone("shop", test.hours*60*60)
		midnight, err := time.Parse(time.RFC3339, test.midnight)
		if err != nil {
			t.Fatal(err)
		}
		staff := person(leaving("2026-03-03"))
		if err := staff.CheckSignIn(true, policy, midnight.Add(-time.Millisecond)); err != nil {
			t.Errorf("UTC%+d, before midnight: %v, want a sign-in", test.hours, err)
		}
		err = staff.CheckSignIn(true, policy, midnight)
		mustRefuse(t, "at midnight", err, domain.ErrInvalidCredentials, domain.ReasonLeft)
	}
}

func TestCheckSignIn(t *testing.T) {
	bad, due := domain.ErrInvalidCredentials, domain.ErrPasswordResetRequired
	for _, test := range []struct {
		name    string
		staff   domain.Staff
		matches bool
		warn    bool
		want    error
		reason  domain.Reason
	}{
		{"right", person(), true, false, nil, ""},
		{"wrong", person(), false, false, bad, domain.ReasonWrongPassword},
		{"unusable", person(unusable), false, false, bad, domain.ReasonUnusablePassword},
		{"inactive", person(inactive), true, false, bad, domain.ReasonInactive},
		{"inactive, wrong", person(inactive), false, false, bad, domain.ReasonWrongPassword},
		{"left", person(leaving("2026-03-03")), true, false, bad, domain.ReasonLeft},
		{"left, wrong", person(leaving("2026-03-03")), false, false, bad, domain.ReasonWrongPassword},
		{"left, unusable", person(unusable, leaving("2026-03-03")), false, false, bad, domain.ReasonUnusablePassword},
		{"reset due", person(resetDue), true, false, due, domain.ReasonPasswordResetRequired},
		{"reset due, announced only", person(resetDue), true, true, nil, ""},
		{"reset due, wrong", person(resetDue), false, false, bad, domain.ReasonWrongPassword},
		{"reset due, inactive", person(resetDue, inactive), true, false, bad, domain.ReasonInactive},
	} {
		policy := porttest.Policy()
		policy.EnforcePasswordReset = !test.warn
		mustRefuse(t, test.name, test.staff.CheckSignIn(test.matches, policy, porttest.Noon), test.want, test.reason)
	}
}

// Only somebody who is active, and whose leaving is not planned, goes on as a superuser.
func TestWhoStaysASuperuser(t *testing.T) {
	day, err := domain.ParseDate("2026-12-24")
	if err != nil {
		t.Fatal(err)
	}
	good := domain.Profile{IsSuperuser: true, IsActive: true}
	for name, c := range map[string]struct {
		change func(*domain.Profile)
		want   bool
	}{
		"a superuser": {func(*domain.Profile) {}, true},
		"nobody":      {func(p *domain.Profile) { p.IsSuperuser = false }, false},
		"inactive":    {func(p *domain.Profile) { p.IsActive = false }, false},
		"leaves":      {func(p *domain.Profile) { p.DateLeft = day }, false},
	} {
		profile := good
		c.change(&profile)
		if got := (domain.Staff{Profile: profile}).StaysSuperuser(); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
