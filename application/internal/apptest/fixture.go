package apptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/application/credentials"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// What every person's password is, and what else they type.
const (
	Password    = "kea open every bin"
	NewPassword = "weka steal the lunch"
	Wrong       = "kea open every tin"
)

// A Shop is what the use cases of a test share: people with the same password,
// on 3 March (noon of the 2nd in UTC).
type Shop struct {
	T         *testing.T
	Clock     porttest.Clock
	Store     memory.Store
	Front     ports.Store // the store, unless a test puts something before it
	Hasher    memory.Hasher
	Breached  memory.Breached
	Passwords ports.PasswordHasher // the hasher, unless a test puts something before it
	tokens    memory.Tokens
	Signer    ports.TokenSigner // the tokens, unless a test puts something before them
	sessionID ports.NewSessionID
	tokenID   ports.NewTokenID
	StaffID   ports.NewStaffID
	deviceID  ports.NewDeviceID
	mailID    ports.NewMailID
	linkToken ports.NewLinkToken
	devices   domain.DeviceKey
	refusals  application.Refusals
	Policy    domain.Policy
	Seen      int // events that a test has looked at
}

func Open(t *testing.T, people ...domain.Staff) *Shop {
	s := &Shop{
		T: t, Policy: porttest.Policy(),
		sessionID: porttest.SessionIDs(), tokenID: porttest.TokenIDs(), StaffID: porttest.StaffIDs(),
		mailID: porttest.MailIDs(), linkToken: porttest.LinkTokens(), deviceID: porttest.DeviceIDs(), devices: domain.NewDeviceKey(domain.NewSecret("a key that makes device tokens")),
	}
	s.Front, s.Passwords, s.Signer = &s.Store, &s.Hasher, &s.tokens
	for _, staff := range people {
		s.Save(staff)
	}
	return s
}

// Person is somebody who can sign in with the password.
func Person(n int, changes ...func(*domain.Staff)) domain.Staff {
	staff := porttest.Person(n)
	staff.Credentials.Hash = HashOf(Password)
	for _, change := range changes {
		change(&staff)
	}
	return staff
}

func HashOf(password string) domain.PasswordHash {
	hash, err := new(memory.Hasher).Hash(context.Background(), domain.NewPassword(password))
	if err != nil {
		panic(err) // the fixture is wrong
	}
	return hash
}

func Address(n int) string { return string(porttest.Person(n).Email) }

func Id(n int) domain.StaffID { return porttest.Person(n).ID }

func Inactive(s *domain.Staff) { s.IsActive = false }
func Unusable(s *domain.Staff) { s.Credentials.Hash = domain.UnusablePassword }
func Outdated(s *domain.Staff) { s.Credentials.Hash = memory.OutdatedHash(Password) }
func ResetDue(s *domain.Staff) { s.Credentials.NeedsReset = true }
func Left(s *domain.Staff)     { s.DateLeft = Date("2026-03-03") }

func Date(text string) domain.Date {
	d, err := domain.ParseDate(text)
	if err != nil {
		panic(err) // the test is wrong
	}
	return d
}

// Execute runs a use case that must succeed.
func Execute[In, Out any](s *Shop, useCase ports.UseCase[In, Out], in In) Out {
	s.T.Helper()
	out, err := useCase.Execute(s.T.Context(), in)
	if err != nil {
		s.T.Fatalf("%T: %v", useCase, err)
	}
	return out
}

// Refuse runs a use case that must be refused, and must return nothing.
func Refuse[In any, Out comparable](s *Shop, useCase ports.UseCase[In, Out], in In, want error) {
	s.T.Helper()
	out, err := useCase.Execute(s.T.Context(), in)
	var nothing Out
	if !errors.Is(err, want) {
		s.T.Errorf("%T: %v, want %v", useCase, err, want)
	}
	if err != nil && out != nothing {
		s.T.Errorf("%T returns %+v beside its error, want nothing", useCase, out)
	}
}

// MustFail checks that an operator's command was refused and changed nothing.
func MustFail(t *testing.T, what string, got domain.StaffChange, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || got.Changed {
		t.Errorf("%s: changed %t, %v; want %v", what, got.Changed, err, want)
	}
}

// Breaks reports whether err says that a new password breaks the rule, perhaps with others.
func Breaks(err error, rule domain.PasswordRule) bool {
	refusal, ok := errors.AsType[*domain.PasswordRefusal](err)
	return ok && slices.ContainsFunc(refusal.Broken, func(b domain.BrokenRule) bool { return b.Rule == rule })
}

// SignIn opens a session of the n-th person.
func (s *Shop) SignIn(n int) signin.TokenPair {
	s.T.Helper()
	return Execute(s, s.ObtainTokens(), SignInAs(n, Password)).Tokens
}

func SignInAs(n int, typed string) signin.ObtainTokensCommand {
	return signin.ObtainTokensCommand{Username: Address(n), Password: domain.NewPassword(typed), Client: porttest.Client()}
}

func RefreshWith(token domain.Token) signin.RefreshAccessCommand {
	return signin.RefreshAccessCommand{Token: token, Client: porttest.Client()}
}

func Verify(token domain.Token) signin.VerifyTokenQuery {
	return signin.VerifyTokenQuery{Token: token}
}

func Me(token domain.Token) signin.CurrentStaffQuery {
	return signin.CurrentStaffQuery{Token: token}
}

func Blacklist(token domain.Token) signin.BlacklistTokenCommand {
	return signin.BlacklistTokenCommand{Token: token, Client: porttest.Client()}
}

func ChangeAs(n int, old, new string) credentials.ChangePasswordCommand {
	return credentials.ChangePasswordCommand{
		Username: Address(n), OldPassword: domain.NewPassword(old), NewPassword: domain.NewPassword(new), Client: porttest.Client(),
	}
}

func SignOutWith(tokens ...domain.Token) signin.SignOutCommand {
	return signin.SignOutCommand{Tokens: tokens, Client: porttest.Client()}
}

// MustAccess checks whether an access token works, or why it does not.
func (s *Shop) MustAccess(token domain.Token, want error) {
	s.T.Helper()
	if _, err := s.CurrentStaff().Execute(s.T.Context(), Me(token)); !errors.Is(err, want) {
		s.T.Errorf("access: %v, want %v", err, want)
	}
}

// Sign makes a token with these claims.
func (s *Shop) Sign(claims domain.Claims) domain.Token {
	s.T.Helper()
	token, err := s.tokens.Sign(context.Background(), claims)
	if err != nil {
		s.T.Fatalf("Sign: %v", err)
	}
	return token
}

// Alter signs a copy of a token with a change.
func (s *Shop) Alter(token domain.Token, change func(*domain.Claims)) domain.Token {
	s.T.Helper()
	claims := s.Claims(token)
	change(&claims)
	return s.Sign(claims)
}

func (s *Shop) Claims(token domain.Token) domain.Claims {
	s.T.Helper()
	claims, err := s.tokens.Parse(context.Background(), token)
	if err != nil {
		s.T.Fatalf("Parse: %v", err)
	}
	return claims
}

// Django signs a token as the shop's Django has issued them: without a session.
func (s *Shop) Django(kind domain.TokenType, n int) domain.Token {
	s.T.Helper()
	issued := s.Clock.Now().Add(-time.Minute)
	return s.Sign(domain.Claims{
		Type: kind, ID: domain.TokenID(fmt.Sprintf("django-%s-%d", kind, n)), UserID: string(Id(n)),
		IssuedAt: issued, ExpiresAt: issued.Add(24 * time.Hour),
	})
}
