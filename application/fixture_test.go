package application_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// What every person's password is, and what else they type.
const (
	password    = "kea open every bin"
	newPassword = "weka steal the lunch"
	wrong       = "kea open every tin"
)

// A shop is what the use cases of a test have in common: people with the same password,
// on 3 March (noon of the 2nd in UTC).
type shop struct {
	t         *testing.T
	clock     porttest.Clock
	store     memory.Store
	front     ports.Store // the store, unless a test puts something before it
	hasher    memory.Hasher
	breached  memory.Breached
	passwords ports.PasswordHasher // the hasher, unless a test puts something before it
	tokens    memory.Tokens
	sessionID ports.NewSessionID
	tokenID   ports.NewTokenID
	staffID   ports.NewStaffID
	deviceID  ports.NewDeviceID
	mailID    ports.NewMailID
	linkToken ports.NewLinkToken
	devices   domain.DeviceKey
	refusals  application.Refusals
	policy    domain.Policy
	seen      int // events that a test has looked at
}

func open(t *testing.T, people ...domain.Staff) *shop {
	s := &shop{
		t: t, policy: porttest.Policy(),
		sessionID: porttest.SessionIDs(), tokenID: porttest.TokenIDs(), staffID: porttest.StaffIDs(),
		mailID: porttest.MailIDs(), linkToken: porttest.LinkTokens(), deviceID: porttest.DeviceIDs(), devices: domain.NewDeviceKey(domain.NewSecret("a key that makes device tokens")),
	}
	s.front, s.passwords = &s.store, &s.hasher
	for _, staff := range people {
		s.save(staff)
	}
	return s
}

// person is somebody who can sign in with the password.
func person(n int, changes ...func(*domain.Staff)) domain.Staff {
	staff := porttest.Person(n)
	staff.Credentials.Hash = hashOf(password)
	for _, change := range changes {
		change(&staff)
	}
	return staff
}

func hashOf(password string) domain.PasswordHash {
	hash, err := new(memory.Hasher).Hash(context.Background(), domain.NewPassword(password))
	if err != nil {
		panic(err) // the fixture is wrong
	}
	return hash
}

func address(n int) string { return string(porttest.Person(n).Email) }

func id(n int) domain.StaffID { return porttest.Person(n).ID }

func inactive(s *domain.Staff) { s.IsActive = false }
func unusable(s *domain.Staff) { s.Credentials.Hash = domain.UnusablePassword }
func outdated(s *domain.Staff) { s.Credentials.Hash = memory.OutdatedHash(password) }
func resetDue(s *domain.Staff) { s.Credentials.NeedsReset = true }
func left(s *domain.Staff)     { s.DateLeft = date("2026-03-03") }

func date(text string) domain.Date {
	d, err := domain.ParseDate(text)
	if err != nil {
		panic(err) // the test is wrong
	}
	return d
}

// execute runs a use case that must succeed.
func execute[In, Out any](s *shop, useCase ports.UseCase[In, Out], in In) Out {
	s.t.Helper()
	out, err := useCase.Execute(s.t.Context(), in)
	if err != nil {
		s.t.Fatalf("%T: %v", useCase, err)
	}
	return out
}

// refuse runs a use case that must be refused, and must return nothing.
func refuse[In any, Out comparable](s *shop, useCase ports.UseCase[In, Out], in In, want error) {
	s.t.Helper()
	out, err := useCase.Execute(s.t.Context(), in)
	var nothing Out
	if !errors.Is(err, want) {
		s.t.Errorf("%T: %v, want %v", useCase, err, want)
	}
	if err != nil && out != nothing {
		s.t.Errorf("%T returns %+v beside its error, want nothing", useCase, out)
	}
}

// mustFail checks that an operator's command was refused and changed nothing.
func mustFail(t *testing.T, what string, got application.StaffChange, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || got.Changed {
		t.Errorf("%s: changed %t, %v; want %v", what, got.Changed, err, want)
	}
}

// breaks reports whether err says that a new password breaks the rule, perhaps with others.
func breaks(err error, rule domain.PasswordRule) bool {
	refusal, ok := errors.AsType[*domain.PasswordRefusal](err)
	return ok && slices.ContainsFunc(refusal.Broken, func(b domain.BrokenRule) bool { return b.Rule == rule })
}

// signIn opens a session of the n-th person.
func (s *shop) signIn(n int) application.TokenPair {
	s.t.Helper()
	return execute(s, s.obtainTokens(), signInAs(n, password)).Tokens
}

func signInAs(n int, typed string) application.ObtainTokensCommand {
	return application.ObtainTokensCommand{Username: address(n), Password: domain.NewPassword(typed), Client: porttest.Client()}
}

func refreshWith(token domain.Token) application.RefreshAccessCommand {
	return application.RefreshAccessCommand{Token: token, Client: porttest.Client()}
}

func verify(token domain.Token) application.VerifyTokenQuery {
	return application.VerifyTokenQuery{Token: token}
}

func me(token domain.Token) application.CurrentStaffQuery {
	return application.CurrentStaffQuery{Token: token}
}

func blacklist(token domain.Token) application.BlacklistTokenCommand {
	return application.BlacklistTokenCommand{Token: token, Client: porttest.Client()}
}

func changeAs(n int, old, new string) application.ChangePasswordCommand {
	return application.ChangePasswordCommand{
		Username: address(n), OldPassword: domain.NewPassword(old), NewPassword: domain.NewPassword(new), Client: porttest.Client(),
	}
}

func signOutWith(tokens ...domain.Token) application.SignOutCommand {
	return application.SignOutCommand{Tokens: tokens, Client: porttest.Client()}
}

// mustAccess checks whether an access token works, or why it does not.
func (s *shop) mustAccess(token domain.Token, want error) {
	s.t.Helper()
	if _, err := s.currentStaff().Execute(s.t.Context(), me(token)); !errors.Is(err, want) {
		s.t.Errorf("access: %v, want %v", err, want)
	}
}

// sign makes a token that says what the test wants.
func (s *shop) sign(claims domain.Claims) domain.Token {
	s.t.Helper()
	token, err := s.tokens.Sign(context.Background(), claims)
	if err != nil {
		s.t.Fatalf("Sign: %v", err)
	}
	return token
}

// alter signs a token like the one given, but for a change.
func (s *shop) alter(token domain.Token, change func(*domain.Claims)) domain.Token {
	s.t.Helper()
	claims := s.claims(token)
	change(&claims)
	return s.sign(claims)
}

func (s *shop) claims(token domain.Token) domain.Claims {
	s.t.Helper()
	claims, err := s.tokens.Parse(context.Background(), token)
	if err != nil {
		s.t.Fatalf("Parse: %v", err)
	}
	return claims
}

// django signs a token as the shop's Django has issued them: without a session.
func (s *shop) django(kind domain.TokenType, n int) domain.Token {
	s.t.Helper()
	issued := s.clock.Now().Add(-time.Minute)
	return s.sign(domain.Claims{
		Type: kind, ID: domain.TokenID(fmt.Sprintf("django-%s-%d", kind, n)), UserID: string(id(n)),
		IssuedAt: issued, ExpiresAt: issued.Add(24 * time.Hour),
	})
}
