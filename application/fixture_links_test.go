package application_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

var outboxKey = domain.NewOutboxKey(domain.NewSecret("a key that seals waiting links"))

const linkOfPersonTwo = "the second person's link"

func resetOf(email string) application.RequestPasswordResetCommand {
	return application.RequestPasswordResetCommand{Email: email, Client: porttest.Client()}
}

func confirm(n int, token, password string) application.ConfirmPasswordResetCommand {
	return application.ConfirmPasswordResetCommand{
		UID: string(id(n)), Token: domain.NewLinkToken(token), NewPassword: domain.NewPassword(password), Client: porttest.Client(),
	}
}

// plantLink gives the n-th person a link with the token, for ten minutes.
func (s *shop) plantLink(n int, token string) {
	s.t.Helper()
	s.update(func(r ports.Records) error {
		link, err := r.Links().Of(domain.AccountKey(id(n)))
		if err != nil {
			return err
		}
		staff, err := r.Staff().ByID(id(n))
		if err != nil {
			return err
		}
		link.Issue(domain.NewLinkToken(token), domain.LinkReset, staff, 10*time.Minute, s.clock.Now())
		return r.Links().Save(link)
	})
}

// waiting are the letters in the outbox, also those that are due much later.
func (s *shop) waiting(r ports.Records) []domain.Mail {
	s.t.Helper()
	letters, err := r.Outbox().Due(s.clock.Now().Add(1000*time.Hour), 10000)
	if err != nil {
		s.t.Fatalf("Due: %v", err)
	}
	return letters
}

// fillOutbox has so many letters of a kind wait, for people who are none of the shop's.
func (s *shop) fillOutbox(kind domain.MailKind, n int) {
	s.t.Helper()
	s.update(func(r ports.Records) error {
		for range n {
			if err := r.Outbox().Save(domain.NewNotice(s.mailID(), kind, "waiting", s.clock.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// letters are the kinds of letters that wait for the n-th person.
func (s *shop) letters(n int) (kinds []domain.MailKind) {
	s.t.Helper()
	for _, mail := range s.lettersOf(domain.AccountKey(id(n))) {
		kinds = append(kinds, mail.Kind)
	}
	return kinds
}

func (s *shop) lettersOf(account domain.AccountKey) (letters []domain.Mail) {
	s.t.Helper()
	s.view(func(r ports.Records) error {
		for _, mail := range s.waiting(r) {
			if mail.Account == account {
				letters = append(letters, mail)
			}
		}
		return nil
	})
	return letters
}

// askForLink asks for a link of the n-th person, and returns the token in the letter.
func (s *shop) askForLink(n int) string {
	s.t.Helper()
	before := s.lettersOf(domain.AccountKey(id(n)))
	execute(s, s.requestReset(), resetOf(address(n)))
	after := s.lettersOf(domain.AccountKey(id(n)))
	if len(after) != len(before)+1 {
		s.t.Fatalf("%d letters wait, want %d", len(after), len(before)+1)
	}
	newest := after[len(after)-1]
	token, err := outboxKey.Open(newest.ID, newest.Sealed)
	if err != nil {
		s.t.Fatal(err)
	}
	return token.Reveal()
}

// mustSignIn checks whether the n-th person can sign in with a password.
func (s *shop) mustSignIn(t *testing.T, n int, typed string, want error) {
	t.Helper()
	_, err := s.obtainTokens().Execute(t.Context(), signInAs(n, typed))
	if !errors.Is(err, want) {
		t.Errorf("signing in with %q: %v, want %v", typed, err, want)
	}
}
