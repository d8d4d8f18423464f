package cli_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const firstLink = "https://shop.example/accounts/password_reset/confirm/?uid=00000000-0000-4000-8000-000000000001&token=link000000000000000000000000000000000000001"

// mustHaveLink checks which token works for the first person, and for how long.
func mustHaveLink(t *testing.T, s *shop, token string, purpose domain.LinkPurpose, lifetime time.Duration) {
	t.Helper()
	err := s.store.View(t.Context(), func(r ports.Records) error {
		link, err := r.Links().Of(domain.AccountKey(porttest.Person(1).ID))
		if link.Digest != domain.NewLinkToken(token).Digest() || link.Purpose != purpose || link.ExpiresAt.Sub(s.clock.Now()) != lifetime {
			t.Errorf("the link is %+v", link)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// outbox are the kinds of letters that wait.
func (s *shop) outbox(t *testing.T) (kinds []domain.MailKind) {
	t.Helper()
	err := s.store.View(t.Context(), func(r ports.Records) error {
		letters, err := r.Outbox().Due(s.clock.Now(), 100)
		for _, letter := range letters {
			kinds = append(kinds, letter.Kind)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

func TestResetLink(t *testing.T) {
	const firstToken = "link000000000000000000000000000000000000001"
	for _, mail := range []bool{false, true} {
		s := newShop()
		s.policy.Links.Mail = mail
		s.save(t, porttest.Person(1))
		same(t, s.do(t, "staff", "reset-link", "PERSON1@example.test", "--lifetime", "30m"),
			"this link lets Person1@example.test set a password; it works once, until 2026-03-03 01:30 NZDT, and any link before it does not work any more:\n"+firstLink+"\n")
		mustHaveLink(t, s, firstToken, domain.LinkReset, 30*time.Minute)
		s.do(t, "staff", "reset-link", "person1@example.test")
		mustHaveLink(t, s, firstToken, domain.LinkReset, time.Hour)
		if got := s.outbox(t); len(got) > 0 {
			t.Errorf("letters wait: %v", got)
		}
	}
}

func TestResetLinkRefused(t *testing.T) {
	s := newShop()
	shut := porttest.Person(1)
	shut.IsActive = false
	s.save(t, shut)
	s.refuse(t, false, "person1@example.test cannot sign in, so the link would not work: see gatehouse staff activate", "staff", "reset-link", "person1@example.test")
	s.refuse(t, false, "nobody has the address x@y.test: see gatehouse staff list", "staff", "reset-link", "x@y.test")
	for _, lifetime := range []string{"25h", "30s", "-1h"} {
		s.refuse(t, true, "--lifetime must be from 1m to 24h", "staff", "reset-link", "person1@example.test", "--lifetime", lifetime)
	}
	s.public = ""
	s.refuse(t, false, "it is not known what the link would begin with: set GATEHOUSE_PUBLIC_URL to the address that people see, such as https://shop.example",
		"staff", "reset-link", "person1@example.test")
}

func TestInvite(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	same(t, s.do(t, "staff", "invite", "person1@example.test"),
		"this link lets Person1@example.test set a password; it works once, until 2026-03-04 01:00 NZDT, and any link before it does not work any more:\n"+firstLink+"\n")
	mustHaveLink(t, s, "link000000000000000000000000000000000000001", domain.LinkInvitation, 24*time.Hour)

	s.policy.Links.Mail = true
	same(t, s.do(t, "staff", "invite", "person1@example.test"),
		"a message with a link that works once, until 2026-03-04 01:00 NZDT, is on its way to Person1@example.test\n")
	s.do(t, "staff", "invite", "person1@example.test", "--print")
	s.do(t, "staff", "add", "mere@example.test", "--first-name", "Mere", "--last-name", "Parata", "--print")
	if got, want := s.outbox(t), []domain.MailKind{domain.MailInvitation}; !slices.Equal(got, want) {
		t.Errorf("letters are %v, want %v", got, want)
	}
}

// Whoever has a password is not invited, and without a URL a person is added all the same.
func TestInviteRefused(t *testing.T) {
	s := newShop()
	someone := porttest.Person(1)
	someone.Credentials.Hash = domain.NewPasswordHash("md5$x$y")
	s.save(t, someone)
	s.refuse(t, false, "person1@example.test has a password already: see gatehouse staff reset-link", "staff", "invite", "person1@example.test")
	s.public = ""
	same(t, s.do(t, "staff", "add", "mere@example.test", "--first-name", "Mere", "--last-name", "Parata"),
		"mere@example.test is added with the id 00000000-0000-4000-8000-000000000001\n"+
			"there is no password yet: set GATEHOUSE_PUBLIC_URL, then make a link with gatehouse staff invite mere@example.test\n")
}
