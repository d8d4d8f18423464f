package signin_test

import (
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// inCookies signs the first person in where the answer sets cookies.
func inCookies(previous ...domain.Token) signin.ObtainTokensCommand {
	cmd := apptest.SignInAs(1, apptest.Password)
	cmd.SetsCookies, cmd.Previous = true, previous
	return cmd
}

// A stopped sign-in leaves a token. The token names the person until the password is changed.
func TestFindDueChange(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue), apptest.Person(2))
	due := apptest.Execute(s, s.ObtainTokens(), inCookies()).Due
	s.SkipAudit()
	find := func(tokens ...domain.DueToken) signin.FindDueChangeResult {
		return apptest.Execute(s, s.FindDueChange(), signin.FindDueChangeQuery{Tokens: tokens})
	}
	for _, tokens := range [][]domain.DueToken{{due}, {domain.NewDueToken("forged"), due}} {
		if got := find(tokens...); !got.Found || got.Owner != s.Staff(1) {
			t.Errorf("found %+v, want person 1", got)
		}
	}
	for _, tokens := range [][]domain.DueToken{nil, {{}}, {domain.NewDueToken("forged")}} {
		if got := find(tokens...); got != (signin.FindDueChangeResult{}) {
			t.Errorf("%v: found %+v", tokens, got)
		}
	}
	s.MustAudit() // a question changes nothing
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
	if got := find(due); got != (signin.FindDueChangeResult{}) {
		t.Errorf("after the change: found %+v", got)
	}
}

// The sessions of the browser's cookies end with a sign-in that is stopped, in the same update as its
// event. Without cookies nothing of this happens.
func TestAStoppedSignInEndsTheSessionsOfTheCookies(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue), apptest.Person(2))
	before, elsewhere := s.SignIn(2), s.SignIn(2)
	s.SkipAudit()
	stopped := domain.AuditEvent{Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonPasswordResetRequired, StaffID: apptest.Id(1)}

	plain := inCookies(before.Access, before.Refresh)
	plain.SetsCookies = false
	if got := apptest.Execute(s, s.ObtainTokens(), plain); got != (signin.ObtainTokensResult{PasswordNeedsReset: true}) {
		t.Errorf("without cookies: got %+v", got)
	}
	s.MustAudit(stopped)
	s.MustAccess(before.Access, nil)

	if got := apptest.Execute(s, s.ObtainTokens(), inCookies(before.Access, before.Refresh)); !got.PasswordNeedsReset || !got.Tokens.Access.Empty() || got.Due.Empty() {
		t.Errorf("with cookies: got %+v", got)
	}
	s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 2, s.IdOf(before.Access), domain.ReasonReplaced), stopped)
	s.MustAccess(before.Access, domain.ErrSessionEnded)
	s.MustAccess(elsewhere.Access, nil)
}

// A page of another site signs somebody in whose password is due. That must not end the session of the
// browser's owner.
func TestAStoppedSignInFromAnotherSite(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue), apptest.Person(2))
	before := s.SignIn(2)
	s.SkipAudit()
	cmd := inCookies(before.Access)
	cmd.CrossSite = true
	apptest.Refuse(s, s.ObtainTokens(), cmd, domain.ErrCrossSite)
	s.MustAudit(domain.AuditEvent{Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, Reason: domain.ReasonCrossSite, StaffID: apptest.Id(1)})
	s.MustAccess(before.Access, nil)
}
