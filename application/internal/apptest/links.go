package apptest

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

var outboxKey = domain.NewOutboxKey(domain.NewSecret("a key that seals waiting links"))

const LinkOfPersonTwo = "the second person's link"

func ResetOf(email string) credentials.RequestPasswordResetCommand {
	return credentials.RequestPasswordResetCommand{Email: email, Client: porttest.Client()}
}

func Confirm(n int, token, password string) credentials.ConfirmPasswordResetCommand {
	return credentials.ConfirmPasswordResetCommand{
		UID: string(Id(n)), Token: domain.NewLinkToken(token), NewPassword: domain.NewPassword(password), Client: porttest.Client(),
	}
}

// PlantLink gives the n-th person a link with the token, for ten minutes.
func (s *Shop) PlantLink(n int, token string) {
	s.T.Helper()
	s.Update(func(r ports.Records) error {
		link, err := r.Links().Of(domain.AccountKey(Id(n)))
		if err != nil {
			return err
		}
		staff, err := r.Staff().ByID(Id(n))
		if err != nil {
			return err
		}
		link.Issue(domain.NewLinkToken(token), domain.LinkReset, staff, 10*time.Minute, s.Clock.Now())
		return r.Links().Save(link)
	})
}

// waiting are the letters in the outbox, also those that are due much later.
func (s *Shop) waiting(r ports.Records) []domain.Mail {
	s.T.Helper()
	letters, err := r.Outbox().Due(s.Clock.Now().Add(1000*time.Hour), 10000)
	if err != nil {
		s.T.Fatalf("Due: %v", err)
	}
	return letters
}

// FillOutbox puts n letters of a kind into the outbox, for unknown people.
func (s *Shop) FillOutbox(kind domain.MailKind, n int) {
	s.T.Helper()
	s.Update(func(r ports.Records) error {
		for range n {
			if err := r.Outbox().Save(domain.NewNotice(s.mailID(), kind, "waiting", s.Clock.Now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// Letters are the kinds of letters that wait for the n-th person.
func (s *Shop) Letters(n int) (kinds []domain.MailKind) {
	s.T.Helper()
	for _, mail := range s.LettersOf(domain.AccountKey(Id(n))) {
		kinds = append(kinds, mail.Kind)
	}
	return kinds
}

func (s *Shop) LettersOf(account domain.AccountKey) (letters []domain.Mail) {
	s.T.Helper()
	s.View(func(r ports.Records) error {
		for _, mail := range s.waiting(r) {
			if mail.Account == account {
				letters = append(letters, mail)
			}
		}
		return nil
	})
	return letters
}

// AskForLink asks for a link of the n-th person, and returns the token in the letter.
func (s *Shop) AskForLink(n int) string {
	s.T.Helper()
	before := s.LettersOf(domain.AccountKey(Id(n)))
	Execute(s, s.RequestPasswordReset(), ResetOf(Address(n)))
	after := s.LettersOf(domain.AccountKey(Id(n)))
	if len(after) != len(before)+1 {
		s.T.Fatalf("%d letters wait, want %d", len(after), len(before)+1)
	}
	newest := after[len(after)-1]
	token, err := outboxKey.Open(newest.ID, newest.Sealed)
	if err != nil {
		s.T.Fatal(err)
	}
	return token.Reveal()
}

// MustSignIn checks whether the n-th person can sign in with a password.
func (s *Shop) MustSignIn(t *testing.T, n int, typed string, want error) {
	t.Helper()
	_, err := s.ObtainTokens().Execute(t.Context(), SignInAs(n, typed))
	if !errors.Is(err, want) {
		t.Errorf("signing in with %q: %v, want %v", typed, err, want)
	}
}
