package signin_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestObtainTokens(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	pair := s.SignIn(1)

	access, refresh := s.Claims(pair.Access), s.Claims(pair.Refresh)
	want := porttest.Session(1, apptest.Person(1))
	if got := s.SessionOf(pair.Refresh); got != want {
		t.Errorf("the session is %+v, want %+v", got, want)
	}
	if access.Type != domain.AccessToken || refresh.Type != domain.RefreshToken || access.ID == refresh.ID {
		t.Errorf("the tokens are %+v and %+v, want an access and a refresh token", access, refresh)
	}
	if access.Session != want.ID || refresh.Session != want.ID || access.UserID != string(apptest.Id(1)) || refresh.UserID != string(apptest.Id(1)) {
		t.Errorf("the tokens are %+v and %+v, want them to be of the session and its owner", access, refresh)
	}
	if pair.AccessLifetime != 15*time.Minute || pair.RefreshLifetime != 30*24*time.Hour {
		t.Errorf("the tokens last %v and %v, want 15m and 30d", pair.AccessLifetime, pair.RefreshLifetime)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: want.ID})

	if got := apptest.Execute(s, s.CurrentStaff(), apptest.Me(pair.Access)).Owner; got.ID != apptest.Id(1) {
		t.Errorf("the access token is of %s, want person 1", got.Email)
	}
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	if got := s.Hasher.Computed(); got != 1 {
		t.Errorf("%d hashes were computed, want 1", got)
	}
}

func TestObtainTokensOpensASessionEachTime(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	first, second := s.SignIn(1), s.SignIn(1)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(first.Refresh))
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(first.Refresh), domain.ErrSessionEnded)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(second.Refresh))
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
		{"wrong password", apptest.Person(1), apptest.Wrong, bad, failure, domain.ReasonWrongPassword},
		{"empty password", apptest.Person(1), "", bad, failure, domain.ReasonWrongPassword},
		{"space after the password", apptest.Person(1), apptest.Password + " ", bad, failure, domain.ReasonWrongPassword},
		{"outdated hash, wrong password", apptest.Person(1, apptest.Outdated), apptest.Wrong, bad, failure, domain.ReasonWrongPassword},
		{"damaged hash", apptest.Person(1, damaged), apptest.Password, bad, failure, domain.ReasonWrongPassword},
		{"unusable, somebody else's password", apptest.Person(1, apptest.Unusable), apptest.Password, bad, failure, domain.ReasonUnusablePassword},
		{"inactive", apptest.Person(1, apptest.Inactive), apptest.Password, bad, blocked, domain.ReasonInactive},
		{"inactive, outdated hash", apptest.Person(1, apptest.Inactive, apptest.Outdated), apptest.Password, bad, blocked, domain.ReasonInactive},
		{"inactive, wrong password", apptest.Person(1, apptest.Inactive), apptest.Wrong, bad, failure, domain.ReasonWrongPassword},
		{"left", apptest.Person(1, apptest.Left), apptest.Password, bad, blocked, domain.ReasonLeft},
		{"reset due, wrong password", apptest.Person(1, apptest.ResetDue), apptest.Wrong, bad, failure, domain.ReasonWrongPassword},
		{"from another site", apptest.Person(1), apptest.Password, site, blocked, domain.ReasonCrossSite},
		{"from another site, outdated hash", apptest.Person(1, apptest.Outdated), apptest.Password, site, blocked, domain.ReasonCrossSite},
		{"from another site, wrong password", apptest.Person(1), apptest.Wrong, bad, failure, domain.ReasonWrongPassword},
		{"from another site, inactive", apptest.Person(1, apptest.Inactive), apptest.Password, bad, blocked, domain.ReasonInactive},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, test.who, apptest.Person(2))
			cmd := apptest.SignInAs(1, test.typed)
			cmd.CrossSite, cmd.SetsCookies = strings.HasPrefix(test.name, "from another site"), true
			apptest.Refuse(s, s.ObtainTokens(), cmd, test.want)
			s.MustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: test.outcome, Reason: test.reason, StaffID: apptest.Id(1)})
			s.MustHaveSessions(0)
			if got := s.Hasher.Computed(); got != 1 {
				t.Errorf("%d hashes were computed, want 1", got)
			}
			if got := s.Staff(1); got != test.who {
				t.Errorf("the account has become %+v", got)
			}
		})
	}
}

// Nobody has the address. The password may well be that of the account whose hash stands
// in.
func TestObtainTokensUnknown(t *testing.T) {
	for name, people := range map[string][]domain.Staff{
		"one account to stand in":  {apptest.Person(1)},
		"several":                  {apptest.Person(1), apptest.Person(2), apptest.Person(3)},
		"none that has a password": {apptest.Person(1, apptest.Unusable)},
		"no account at all":        nil,
		"only an outdated one":     {apptest.Person(1, apptest.Outdated)},
	} {
		for _, typed := range []string{"nobody@example.test", "", "person1", "person1@example.test ", "per\u017Fon1@example.test", "' or 1=1 --"} {
			t.Run(name+"/"+typed, func(t *testing.T) {
				s := apptest.Open(t, people...)
				cmd := apptest.SignInAs(1, apptest.Password)
				cmd.Username = typed
				apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrInvalidCredentials)
				s.MustAudit(domain.AuditEvent{
					Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
					Subject: memory.Subjects{}.HashSubject(typed),
				})
				s.MustHaveSessions(0)
				if got := s.Hasher.Computed(); got != 1 {
					t.Errorf("%d hashes were computed, want 1", got)
				}
			})
		}
	}
}

// The hash that stands in must be a real one, for its cost, and the same each time.
func TestObtainTokensStandIn(t *testing.T) {
	people := []domain.Staff{apptest.Person(1), apptest.Person(2), apptest.Person(3), apptest.Person(4, apptest.Unusable)}
	for name, username := range map[string]string{"unknown": "nobody@example.test", "unusable": apptest.Address(4)} {
		s := apptest.Open(t, people...)
		var compared []domain.PasswordHash
		s.Passwords = apptest.Watched{PasswordHasher: &s.Hasher, See: func(hash domain.PasswordHash) { compared = append(compared, hash) }}
		cmd := apptest.SignInAs(1, apptest.Password)
		cmd.Username = username
		for range 3 {
			apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrInvalidCredentials)
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
	s := apptest.Open(t, apptest.Person(1))
	for _, typed := range []string{"person1@example.test", "PERSON1@EXAMPLE.TEST", "pErSoN1@eXaMpLe.TeSt"} {
		cmd := apptest.SignInAs(1, apptest.Password)
		cmd.Username = typed
		pair := apptest.Execute(s, s.ObtainTokens(), cmd).Tokens
		if got := s.Claims(pair.Access).UserID; got != string(apptest.Id(1)) {
			t.Errorf("%q signs %s in", typed, got)
		}
	}
	s.SkipAudit()
	unknown := domain.AuditEvent{
		Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
		Subject: memory.Subjects{}.HashSubject("nobody@example.test"),
	}
	for _, typed := range []string{"nobody@example.test", "NOBODY@Example.Test"} {
		cmd := apptest.SignInAs(1, apptest.Password)
		cmd.Username = typed
		apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrInvalidCredentials)
	}
	s.MustAudit(unknown, unknown)
}

func TestObtainTokensWhileAResetIsDue(t *testing.T) {
	for name, who := range map[string]domain.Staff{"reset due": apptest.Person(1, apptest.ResetDue), "outdated hash": apptest.Person(1, apptest.ResetDue, apptest.Outdated)} {
		s := apptest.Open(t, who)
		got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password))
		if want := (signin.ObtainTokensResult{PasswordNeedsReset: true}); got != want {
			t.Errorf("%s: the result is %+v, want the flag and no tokens", name, got)
		}
		s.MustHaveSessions(0)
		s.MustAudit(domain.AuditEvent{
			Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonPasswordResetRequired, StaffID: apptest.Id(1),
		})
		if got := s.Hasher.Computed(); got != 1 || s.Staff(1) != who {
			t.Errorf("%s: %d hashes were computed, and the account is %+v", name, got, s.Staff(1))
		}
	}
}

func TestObtainTokensWhileAResetIsOnlyAnnounced(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue), apptest.Person(2))
	s.Policy.EnforcePasswordReset = false
	got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password))
	if !got.PasswordNeedsReset {
		t.Error("the reset is not announced")
	}
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(got.Tokens.Refresh))
	if apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(2, apptest.Password)).PasswordNeedsReset {
		t.Error("a reset is announced to somebody for whom none is due")
	}
}

// Who signs in after the clock was put back is not taken for one of those whose sessions
// ended at the later time before.
func TestObtainTokensAfterTheClockWasPutBack(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Change(1, func(p *domain.Staff) { p.EndSessions(s.Clock.Now()) })
	s.Clock.Advance(-time.Hour)
	pair := s.SignIn(1)
	s.MustAccess(pair.Access, nil)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	s.Clock.Advance(time.Hour)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
}
