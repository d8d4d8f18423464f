package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestObtainTokensUpgradesTheHash(t *testing.T) {
	before := person(1, outdated, func(s *domain.Staff) { s.Credentials.Version = 7 })
	s := open(t, before)
	s.clock.Advance(time.Minute)
	pair := s.signIn(1)
	s.mustAudit(domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, Reason: domain.ReasonHashUpgraded,
		StaffID: id(1), Session: s.claims(pair.Access).Session,
	})
	after := s.staff(1)
	if !s.hasher.Preferred(after.Credentials.Hash) {
		t.Error("the hash is still outdated")
	}
	want := before
	want.Credentials.Hash, want.UpdatedAt = after.Credentials.Hash, s.clock.Now()
	if after != want {
		t.Errorf("the account is %+v, want %+v", after, want)
	}
	if got := s.hasher.Computed(); got != 2 {
		t.Errorf("%d hashes were computed, want one to compare and a new one", got)
	}

	s.signIn(1)
	if got := s.hasher.Computed(); got != 3 || s.staff(1) != after {
		t.Errorf("the next sign-in has computed %d hashes in all, or upgraded again", got)
	}
}

// What happens between the comparison and the writing down counts.
func TestObtainTokensMeanwhile(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	changed := func(s *domain.Staff) { s.ChangePassword(hashOf(newPassword), porttest.Noon) }
	for _, test := range []struct {
		name    string
		who     domain.Staff
		then    func(*domain.Staff)
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"password changed", person(1), changed, failure, domain.ReasonWrongPassword},
		{"password changed, outdated hash", person(1, outdated), changed, failure, domain.ReasonWrongPassword},
		{"password changed to the same", person(1), func(s *domain.Staff) { s.SetPassword(hashOf(password), porttest.Noon) }, failure, domain.ReasonWrongPassword},
		{"made unusable", person(1), func(s *domain.Staff) { s.ChangePassword(domain.UnusablePassword, porttest.Noon) }, failure, domain.ReasonUnusablePassword},
		{"deactivated", person(1), inactive, blocked, domain.ReasonInactive},
		{"left, outdated hash", person(1, outdated), left, blocked, domain.ReasonLeft},
	} {
		s := open(t, test.who)
		var then domain.Staff
		s.passwords = meanwhile{&s.hasher, func() { s.change(1, test.then); then = s.staff(1) }}
		refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
		s.mustHaveSessions(0)
		s.mustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: test.outcome, Reason: test.reason, StaffID: id(1)})
		if got := s.staff(1); got != then {
			t.Errorf("%s: the account is %+v, want %+v", test.name, got, then)
		}
	}
}

func TestObtainTokensDeletedMeanwhile(t *testing.T) {
	s := open(t, person(1))
	s.passwords = meanwhile{&s.hasher, func() { s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) }) }}
	refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
	s.mustAudit(domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount, StaffID: id(1),
	})
}

// Two sign-ins at once may both upgrade the hash: the password is still the same.
func TestObtainTokensUpgradedMeanwhile(t *testing.T) {
	s := open(t, person(1, outdated))
	s.passwords = meanwhile{&s.hasher, func() {
		s.change(1, func(p *domain.Staff) { p.UpgradeHash(hashOf(password), 0, porttest.Noon) })
	}}
	s.signIn(1)
	s.passwords = &s.hasher
	s.signIn(1)
}

func TestObtainTokensUnavailable(t *testing.T) {
	for _, who := range []domain.Staff{person(1), person(1, outdated), person(1, inactive)} {
		for _, cmd := range []application.ObtainTokensCommand{signInAs(1, password), signInAs(1, wrong), signInAs(9, password)} {
			for call := 1; call <= 2; call++ { // reading, writing
				s := open(t, who)
				s.breakFrom(call)
				refuse(s, s.obtainTokens(), cmd, domain.ErrUnavailable)
				s.repair()
				s.mustHaveSessions(0)
				s.mustAudit()
			}
		}
	}
}

func TestObtainTokensOverloaded(t *testing.T) {
	s := open(t, person(1))
	s.hasher.Full = true
	for _, cmd := range []application.ObtainTokensCommand{signInAs(1, password), signInAs(1, wrong), signInAs(9, password)} {
		refuse(s, s.obtainTokens(), cmd, domain.ErrOverloaded)
	}
	s.mustHaveSessions(0)
	s.mustAudit()
}

func TestObtainTokensCancelled(t *testing.T) {
	s := open(t, person(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := s.obtainTokens().Execute(ctx, signInAs(1, password)); !errors.Is(err, context.Canceled) || got != (application.ObtainTokensResult{}) {
		t.Errorf("the result is %+v, %v; want context.Canceled alone", got, err)
	}
	s.mustAudit()
}
