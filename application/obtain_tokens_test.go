package application_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestObtainTokens(t *testing.T) {
	s := open(t, person(1), person(2))
	pair := s.signIn(1)

	access, refresh := s.claims(pair.Access), s.claims(pair.Refresh)
	want := porttest.Session(1, person(1))
	if got := s.sessionOf(pair.Refresh); got != want {
		t.Errorf("the session is %+v, want %+v", got, want)
	}
	if access.Type != domain.AccessToken || refresh.Type != domain.RefreshToken || access.ID == refresh.ID {
		t.Errorf("the tokens are %+v and %+v, want an access and a refresh token", access, refresh)
	}
	if access.Session != want.ID || refresh.Session != want.ID || access.UserID != string(id(1)) || refresh.UserID != string(id(1)) {
		t.Errorf("the tokens are %+v and %+v, want them to be of the session and its owner", access, refresh)
	}
	if pair.AccessLifetime != 15*time.Minute || pair.RefreshLifetime != 30*24*time.Hour {
		t.Errorf("the tokens last %v and %v, want 15m and 30d", pair.AccessLifetime, pair.RefreshLifetime)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: want.ID})

	if got := execute(s, s.currentStaff(), me(pair.Access)); got.ID != id(1) {
		t.Errorf("the access token is of %s, want person 1", got.Email)
	}
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	if got := s.hasher.Computed(); got != 1 {
		t.Errorf("%d hashes were computed, want 1", got)
	}
}

func TestObtainTokensOpensASessionEachTime(t *testing.T) {
	s := open(t, person(1))
	first, second := s.signIn(1), s.signIn(1)
	execute(s, s.signOut(), signOutWith(first.Refresh))
	refuse(s, s.refreshAccess(), refreshWith(first.Refresh), domain.ErrSessionEnded)
	execute(s, s.refreshAccess(), refreshWith(second.Refresh))
}

// Whatever is wrong, the answer and the work are the same; only the trail tells.
func TestObtainTokensRefusals(t *testing.T) {
	damaged := func(s *domain.Staff) { s.Credentials.Hash = domain.NewPasswordHash("no$hash") }
	bad, site := domain.ErrInvalidCredentials, domain.ErrCrossSite
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	for _, test := range []struct {
		name    string
		who     domain.Staff
		typed   string
		want    error
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"wrong password", person(1), wrong, bad, failure, domain.ReasonWrongPassword},
		{"empty password", person(1), "", bad, failure, domain.ReasonWrongPassword},
		{"space after the password", person(1), password + " ", bad, failure, domain.ReasonWrongPassword},
		{"outdated hash, wrong password", person(1, outdated), wrong, bad, failure, domain.ReasonWrongPassword},
		{"damaged hash", person(1, damaged), password, bad, failure, domain.ReasonWrongPassword},
		{"unusable, somebody else's password", person(1, unusable), password, bad, failure, domain.ReasonUnusablePassword},
		{"inactive", person(1, inactive), password, bad, blocked, domain.ReasonInactive},
		{"inactive, outdated hash", person(1, inactive, outdated), password, bad, blocked, domain.ReasonInactive},
		{"inactive, wrong password", person(1, inactive), wrong, bad, failure, domain.ReasonWrongPassword},
		{"left", person(1, left), password, bad, blocked, domain.ReasonLeft},
		{"reset due, wrong password", person(1, resetDue), wrong, bad, failure, domain.ReasonWrongPassword},
		{"from another site", person(1), password, site, blocked, domain.ReasonCrossSite},
		{"from another site, outdated hash", person(1, outdated), password, site, blocked, domain.ReasonCrossSite},
		{"from another site, wrong password", person(1), wrong, bad, failure, domain.ReasonWrongPassword},
		{"from another site, inactive", person(1, inactive), password, bad, blocked, domain.ReasonInactive},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, test.who, person(2))
			cmd := signInAs(1, test.typed)
			cmd.CrossSite, cmd.SetsCookies = strings.HasPrefix(test.name, "from another site"), true
			refuse(s, s.obtainTokens(), cmd, test.want)
			s.mustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: test.outcome, Reason: test.reason, StaffID: id(1)})
			s.mustHaveSessions(0)
			if got := s.hasher.Computed(); got != 1 {
				t.Errorf("%d hashes were computed, want 1", got)
			}
			if got := s.staff(1); got != test.who {
				t.Errorf("the account has become %+v", got)
			}
		})
	}
}

// Nobody has the address. The password may well be that of the account whose hash stands
// in.
func TestObtainTokensUnknown(t *testing.T) {
	for name, people := range map[string][]domain.Staff{
		"one account to stand in":  {person(1)},
		"several":                  {person(1), person(2), person(3)},
		"none that has a password": {person(1, unusable)},
		"no account at all":        nil,
		"only an outdated one":     {person(1, outdated)},
	} {
		for _, typed := range []string{"nobody@example.test", "", "person1", "person1@example.test ", "per\u017Fon1@example.test", "' or 1=1 --"} {
			t.Run(name+"/"+typed, func(t *testing.T) {
				s := open(t, people...)
				cmd := signInAs(1, password)
				cmd.Username = typed
				refuse(s, s.obtainTokens(), cmd, domain.ErrInvalidCredentials)
				s.mustAudit(domain.AuditEvent{
					Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
					Subject: memory.Subjects{}.HashSubject(typed),
				})
				s.mustHaveSessions(0)
				if got := s.hasher.Computed(); got != 1 {
					t.Errorf("%d hashes were computed, want 1", got)
				}
			})
		}
	}
}

// The hash that stands in must be a real one, for its cost, and the same each time.
func TestObtainTokensStandIn(t *testing.T) {
	people := []domain.Staff{person(1), person(2), person(3), person(4, unusable)}
	for name, username := range map[string]string{"unknown": "nobody@example.test", "unusable": address(4)} {
		s := open(t, people...)
		var compared []domain.PasswordHash
		s.passwords = watched{&s.hasher, func(hash domain.PasswordHash) { compared = append(compared, hash) }}
		cmd := signInAs(1, password)
		cmd.Username = username
		for range 3 {
			refuse(s, s.obtainTokens(), cmd, domain.ErrInvalidCredentials)
		}
		for _, hash := range compared {
			if hash != compared[0] || !hash.Usable() {
				t.Errorf("%s: the hashes %v were compared, want a usable one each time", name, compared)
			}
		}
	}
}

// Letter case counts neither for the account nor for the subject of an unknown one.
func TestObtainTokensInOtherCase(t *testing.T) {
	s := open(t, person(1))
	for _, typed := range []string{"person1@example.test", "PERSON1@EXAMPLE.TEST", "pErSoN1@eXaMpLe.TeSt"} {
		cmd := signInAs(1, password)
		cmd.Username = typed
		pair := execute(s, s.obtainTokens(), cmd).Tokens
		if got := s.claims(pair.Access).UserID; got != string(id(1)) {
			t.Errorf("%q signs %s in", typed, got)
		}
	}
	s.skipAudit()
	unknown := domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
		Subject: memory.Subjects{}.HashSubject("nobody@example.test"),
	}
	for _, typed := range []string{"nobody@example.test", "NOBODY@Example.Test"} {
		cmd := signInAs(1, password)
		cmd.Username = typed
		refuse(s, s.obtainTokens(), cmd, domain.ErrInvalidCredentials)
	}
	s.mustAudit(unknown, unknown)
}

func TestObtainTokensWhileAResetIsDue(t *testing.T) {
	for name, who := range map[string]domain.Staff{"reset due": person(1, resetDue), "outdated hash": person(1, resetDue, outdated)} {
		s := open(t, who)
		got := execute(s, s.obtainTokens(), signInAs(1, password))
		if want := (application.ObtainTokensResult{PasswordNeedsReset: true}); got != want {
			t.Errorf("%s: the result is %+v, want the flag and no tokens", name, got)
		}
		s.mustHaveSessions(0)
		s.mustAudit(domain.AuditEvent{
			Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonPasswordResetRequired, StaffID: id(1),
		})
		if got := s.hasher.Computed(); got != 1 || s.staff(1) != who {
			t.Errorf("%s: %d hashes were computed, and the account is %+v", name, got, s.staff(1))
		}
	}
}

func TestObtainTokensWhileAResetIsOnlyAnnounced(t *testing.T) {
	s := open(t, person(1, resetDue), person(2))
	s.policy.EnforcePasswordReset = false
	got := execute(s, s.obtainTokens(), signInAs(1, password))
	if !got.PasswordNeedsReset {
		t.Error("the reset is not announced")
	}
	execute(s, s.refreshAccess(), refreshWith(got.Tokens.Refresh))
	if execute(s, s.obtainTokens(), signInAs(2, password)).PasswordNeedsReset {
		t.Error("a reset is announced to somebody for whom none is due")
	}
}

// Who signs in after the clock was put back is not taken for one of those whose sessions
// ended at the later time before.
func TestObtainTokensAfterTheClockWasPutBack(t *testing.T) {
	s := open(t, person(1))
	s.change(1, func(p *domain.Staff) { p.EndSessions(s.clock.Now()) })
	s.clock.Advance(-time.Hour)
	pair := s.signIn(1)
	s.mustAccess(pair.Access, nil)
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	s.clock.Advance(time.Hour)
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
}
