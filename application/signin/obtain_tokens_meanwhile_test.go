package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestObtainTokensUpgradesTheHash(t *testing.T) {
	before := apptest.Person(1, apptest.Outdated, func(s *domain.Staff) { s.Credentials.Version = 7 })
	s := apptest.Open(t, before)
	s.Clock.Advance(time.Minute)
	pair := s.SignIn(1)
	s.MustAudit(domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, Reason: domain.ReasonHashUpgraded,
		StaffID: apptest.Id(1), Session: s.Claims(pair.Access).Session,
	})
	after := s.Staff(1)
	if !s.Hasher.Preferred(after.Credentials.Hash) {
		t.Error("the hash is still outdated")
	}
	want := before
	want.Credentials.Hash, want.UpdatedAt = after.Credentials.Hash, s.Clock.Now()
	if after != want {
		t.Errorf("the account is %+v, want %+v", after, want)
	}
	if got := s.Hasher.Computed(); got != 2 {
		t.Errorf("%d hashes were computed, want one to compare and a new one", got)
	}

	s.SignIn(1)
	if got := s.Hasher.Computed(); got != 3 || s.Staff(1) != after {
		t.Errorf("the next sign-in has computed %d hashes in all, or upgraded again", got)
	}
}

// What happens between the comparison and the writing down counts.
func TestObtainTokensMeanwhile(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	changed := func(s *domain.Staff) { s.ChangePassword(apptest.HashOf(apptest.NewPassword), porttest.Noon) }
	for _, test := range []struct {
		name    string
		who     domain.Staff
		then    func(*domain.Staff)
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"password changed", apptest.Person(1), changed, failure, domain.ReasonWrongPassword},
		{"password changed, outdated hash", apptest.Person(1, apptest.Outdated), changed, failure, domain.ReasonWrongPassword},
		{"password changed to the same", apptest.Person(1), func(s *domain.Staff) { s.SetPassword(apptest.HashOf(apptest.Password), porttest.Noon) }, failure, domain.ReasonWrongPassword},
		{"made unusable", apptest.Person(1), func(s *domain.Staff) { s.ChangePassword(domain.UnusablePassword, porttest.Noon) }, failure, domain.ReasonUnusablePassword},
		{"deactivated", apptest.Person(1), apptest.Inactive, blocked, domain.ReasonInactive},
		{"left, outdated hash", apptest.Person(1, apptest.Outdated), apptest.Left, blocked, domain.ReasonLeft},
	} {
		s := apptest.Open(t, test.who)
		var then domain.Staff
		s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() { s.Change(1, test.then); then = s.Staff(1) }}
		apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
		s.MustHaveSessions(0)
		s.MustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: test.outcome, Reason: test.reason, StaffID: apptest.Id(1)})
		if got := s.Staff(1); got != then {
			t.Errorf("%s: the account is %+v, want %+v", test.name, got, then)
		}
	}
}

func TestObtainTokensDeletedMeanwhile(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() { s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) }) }}
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
	s.MustAudit(domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount, StaffID: apptest.Id(1),
	})
}

// Two sign-ins at once may both upgrade the hash: the password is still the same.
func TestObtainTokensUpgradedMeanwhile(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.Outdated))
	s.Passwords = apptest.Meanwhile{PasswordHasher: &s.Hasher, Do: func() {
		s.Change(1, func(p *domain.Staff) { p.UpgradeHash(apptest.HashOf(apptest.Password), 0, porttest.Noon) })
	}}
	s.SignIn(1)
	s.Passwords = &s.Hasher
	s.SignIn(1)
}

func TestObtainTokensUnavailable(t *testing.T) {
	for _, who := range []domain.Staff{apptest.Person(1), apptest.Person(1, apptest.Outdated), apptest.Person(1, apptest.Inactive)} {
		for _, cmd := range []signin.ObtainTokensCommand{apptest.SignInAs(1, apptest.Password), apptest.SignInAs(1, apptest.Wrong), apptest.SignInAs(9, apptest.Password)} {
			for call := 1; call <= 2; call++ { // reading, writing
				s := apptest.Open(t, who)
				s.BreakFrom(call)
				apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrUnavailable)
				s.Repair()
				s.MustHaveSessions(0)
				s.MustAudit()
			}
		}
	}
}

func TestObtainTokensOverloaded(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Hasher.Full = true
	for _, cmd := range []signin.ObtainTokensCommand{apptest.SignInAs(1, apptest.Password), apptest.SignInAs(1, apptest.Wrong), apptest.SignInAs(9, apptest.Password)} {
		apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrOverloaded)
	}
	s.MustHaveSessions(0)
	s.MustAudit()
}

func TestObtainTokensCancelled(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := s.ObtainTokens().Execute(ctx, apptest.SignInAs(1, apptest.Password)); !errors.Is(err, context.Canceled) || got != (signin.ObtainTokensResult{}) {
		t.Errorf("the result is %+v, %v; want context.Canceled alone", got, err)
	}
	s.MustAudit()
}
