package cli_test

import (
	"strings"
	"testing"

	"gatehouse/domain"
)

func TestAdd(t *testing.T) {
	s := newShop()
	same(t, s.do(t, "staff", "add", "Mere@example.test", "--first-name", "Mere", "--last-name", "Parata"),
		"Mere@example.test is added with the id 00000000-0000-4000-8000-000000000001\n"+
			"this link lets Mere@example.test set a password; it works once, until 2026-03-04 01:00 NZDT, and any link before it does not work any more:\n"+
			firstLink+"\n")
	staff, _ := s.account(t, "mere@example.test")
	want := domain.Profile{
		Email: "Mere@example.test", FirstName: "Mere", LastName: "Parata", IsActive: true, IsWorkshopStaff: true,
	}
	if staff.Profile != want {
		t.Errorf("profile is %+v, want %+v", staff.Profile, want)
	}
}

func TestAddWithEveryFlag(t *testing.T) {
	s := newShop()
	s.do(t, "staff", "add", "--first-name", "Cher", "--last-name", "", "--preferred-name", "",
		"--office", "--no-workshop", "--superuser", "cher@example.test")
	staff, _ := s.account(t, "cher@example.test")
	want := domain.Profile{
		Email: "cher@example.test", FirstName: "Cher", HasPreferredName: true,
		IsActive: true, IsOfficeStaff: true, IsSuperuser: true,
	}
	if staff.Profile != want {
		t.Errorf("profile is %+v, want %+v", staff.Profile, want)
	}
}

func TestAddRefused(t *testing.T) {
	s := newShop()
	s.do(t, "staff", "add", "ann@example.test", "--first-name", "A", "--last-name", "B")
	for email, sentence := range map[string]string{
		"ANN@example.test": "another member of staff has this address, perhaps in other letter case: see gatehouse staff show ANN@example.test",
		"ann":              "the e-mail address is not of the form name@host",
	} {
		s.refuse(t, false, sentence, "staff", "add", email, "--first-name", "A", "--last-name", "B")
	}
	s.refuse(t, false, "first_name is longer than 150 characters",
		"staff", "add", "ben@example.test", "--first-name", strings.Repeat("ā", 151), "--last-name", "B")
}

func TestOperatorIsAudited(t *testing.T) {
	s := newShop()
	s.do(t, "staff", "add", "ann@example.test", "--first-name", "A", "--last-name", "B")
	s.do(t, "staff", "deactivate", "ann@example.test")
	s.do(t, "staff", "activate", "ann@example.test")
	s.do(t, "staff", "require-reset", "ann@example.test")
	s.do(t, "staff", "leave", "ann@example.test", "--on", "2020-01-31")
	if r := s.run(t, strings.NewReader("correct horse battery"), "staff", "set-password", "ann@example.test"); r.failure != nil {
		t.Fatal(r.failure)
	}
	s.do(t, "staff", "delete", "--yes", "ann@example.test")
	s.run(t, strings.NewReader("2 ben@example.test"), "staff", "import", "-")
	events := parsed[[]eventJSON](t, s.do(t, "audit", "list", "--json"))
	if len(events) != 9 {
		t.Errorf("%d events, want one for each of 8 commands, and for the link of who was added", len(events))
	}
	for _, event := range events {
		if event.Operator == nil || *event.Operator != "root" {
			t.Errorf("the event %s has no operator", event.Kind)
		}
	}
}
