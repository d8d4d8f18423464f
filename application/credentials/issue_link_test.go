package credentials_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func linkFor(n int, purpose domain.LinkPurpose, byMail bool) credentials.IssueLinkCommand {
	return credentials.IssueLinkCommand{Email: apptest.Address(n), Purpose: purpose, Lifetime: time.Hour, ByMail: byMail, Client: porttest.Operator()}
}

func TestIssueLink(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue))
	got := apptest.Execute(s, s.IssueLink(), linkFor(1, domain.LinkReset, false))
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffResetLink, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	if got.Staff.ID != apptest.Id(1) || !got.Until.Equal(porttest.Noon.Add(time.Hour)) || len(s.Letters(1)) > 0 {
		t.Errorf("the result is %+v, letters are %v", got, s.Letters(1))
	}
	s.Clock.Advance(time.Hour - time.Millisecond)
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, got.Token.Reveal(), apptest.NewPassword))
	s.SignInAsFirst(apptest.NewPassword)
}

// A link that an operator makes replaces the one that was mailed, and the other way round.
func TestIssuedLinksReplaceEachOther(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	mailed := s.AskForLink(1)
	handed := apptest.Execute(s, s.IssueLink(), linkFor(1, domain.LinkReset, false)).Token.Reveal()
	apptest.Refuse(s, s.ConfirmPasswordReset(), apptest.Confirm(1, mailed, apptest.NewPassword), domain.ErrLinkInvalid)
	s.Clock.Advance(time.Minute)
	again := s.AskForLink(1)
	apptest.Refuse(s, s.ConfirmPasswordReset(), apptest.Confirm(1, handed, apptest.NewPassword), domain.ErrLinkInvalid)
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, again, apptest.NewPassword))
}

func TestInvitationByMail(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.Unusable))
	cmd := linkFor(1, domain.LinkInvitation, true)
	cmd.Lifetime = 1000 * time.Hour
	got := apptest.Execute(s, s.IssueLink(), cmd)
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffInvite, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	if !got.Token.Empty() || !got.Until.Equal(porttest.Noon.Add(domain.LongestLink)) {
		t.Errorf("the result is %+v", got)
	}
	if letters := s.Letters(1); !slices.Equal(letters, []domain.MailKind{domain.MailInvitation}) {
		t.Errorf("letters are %v", letters)
	}
}

func TestIssueLinkRefuses(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive), apptest.Person(3, apptest.Left))
	apptest.Refuse(s, s.IssueLink(), linkFor(1, domain.LinkInvitation, false), domain.ErrPasswordSet)
	apptest.Refuse(s, s.IssueLink(), linkFor(2, domain.LinkReset, false), domain.ErrAccountInactive)
	apptest.Refuse(s, s.IssueLink(), linkFor(3, domain.LinkReset, false), domain.ErrAccountInactive)
	apptest.Refuse(s, s.IssueLink(), linkFor(9, domain.LinkReset, false), domain.ErrStaffNotFound)
	s.Policy.Links.Mail = false
	apptest.Refuse(s, s.IssueLink(), linkFor(1, domain.LinkReset, true), domain.ErrMailOff)
	if events := s.Contents().Events; len(events) > 0 {
		t.Errorf("there are events: %+v", events)
	}
}

// Who has a password of somebody else's choice, or a new one, is told, if mail is set up.
func TestNotices(t *testing.T) {
	for _, on := range []bool{true, false} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2), apptest.Person(3))
		s.Policy.Links.Mail = on
		apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		apptest.Execute(s, s.SetPassword(), credentials.SetPasswordCommand{Email: apptest.Address(2), Password: domain.NewPassword(apptest.NewPassword), Client: porttest.Operator()})
		require := credentials.RequirePasswordResetCommand{Email: apptest.Address(3), Client: porttest.Operator()}
		apptest.Execute(s, s.RequirePasswordReset(), require)
		apptest.Execute(s, s.RequirePasswordReset(), require) // which changes nothing
		apptest.Refuse(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Wrong, "another good one"), domain.ErrInvalidCredentials)
		for n, kind := range []domain.MailKind{domain.MailPasswordChanged, domain.MailPasswordSet, domain.MailResetDue} {
			want := []domain.MailKind{kind}
			if !on {
				want = nil
			}
			if got := s.Letters(n + 1); !slices.Equal(got, want) {
				t.Errorf("mail is on: %t; person %d is sent %v, want %v", on, n+1, got, want)
			}
		}
	}
}
