package application_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func linkFor(n int, purpose domain.LinkPurpose, byMail bool) application.IssueLinkCommand {
	return application.IssueLinkCommand{Email: address(n), Purpose: purpose, Lifetime: time.Hour, ByMail: byMail, Client: porttest.Client()}
}

func TestIssueLink(t *testing.T) {
	s := open(t, person(1, resetDue))
	got := execute(s, s.issueLink(), linkFor(1, domain.LinkReset, false))
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffResetLink, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if got.Staff.ID != id(1) || !got.Until.Equal(porttest.Noon.Add(time.Hour)) || len(s.letters(1)) > 0 {
		t.Errorf("the result is %+v, letters are %v", got, s.letters(1))
	}
	s.clock.Advance(time.Hour - time.Millisecond)
	execute(s, s.confirmReset(), confirm(1, got.Token.Reveal(), newPassword))
	s.signInAsFirst(newPassword)
}

// A link that an operator makes replaces the one that was mailed, and the other way round.
func TestIssuedLinksReplaceEachOther(t *testing.T) {
	s := open(t, person(1))
	mailed := s.askForLink(1)
	handed := execute(s, s.issueLink(), linkFor(1, domain.LinkReset, false)).Token.Reveal()
	refuse(s, s.confirmReset(), confirm(1, mailed, newPassword), domain.ErrLinkInvalid)
	s.clock.Advance(time.Minute)
	again := s.askForLink(1)
	refuse(s, s.confirmReset(), confirm(1, handed, newPassword), domain.ErrLinkInvalid)
	execute(s, s.confirmReset(), confirm(1, again, newPassword))
}

func TestInvitationByMail(t *testing.T) {
	s := open(t, person(1, unusable))
	cmd := linkFor(1, domain.LinkInvitation, true)
	cmd.Lifetime = 1000 * time.Hour
	got := execute(s, s.issueLink(), cmd)
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffInvite, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if !got.Token.Empty() || !got.Until.Equal(porttest.Noon.Add(domain.LongestLink)) {
		t.Errorf("the result is %+v", got)
	}
	if letters := s.letters(1); !slices.Equal(letters, []domain.MailKind{domain.MailInvitation}) {
		t.Errorf("letters are %v", letters)
	}
}

func TestIssueLinkRefuses(t *testing.T) {
	s := open(t, person(1), person(2, inactive), person(3, left))
	refuse(s, s.issueLink(), linkFor(1, domain.LinkInvitation, false), domain.ErrPasswordSet)
	refuse(s, s.issueLink(), linkFor(2, domain.LinkReset, false), domain.ErrAccountInactive)
	refuse(s, s.issueLink(), linkFor(3, domain.LinkReset, false), domain.ErrAccountInactive)
	refuse(s, s.issueLink(), linkFor(9, domain.LinkReset, false), domain.ErrStaffNotFound)
	s.policy.Links.Mail = false
	refuse(s, s.issueLink(), linkFor(1, domain.LinkReset, true), domain.ErrMailOff)
	if events := s.contents().events; len(events) > 0 {
		t.Errorf("there are events: %+v", events)
	}
}

// Who has a password of somebody else's choice, or a new one, is told, if mail is set up.
func TestNotices(t *testing.T) {
	for _, on := range []bool{true, false} {
		s := open(t, person(1), person(2), person(3))
		s.policy.Links.Mail = on
		execute(s, s.changePassword(), changeAs(1, password, newPassword))
		execute(s, s.setPassword(), application.SetPasswordCommand{Email: address(2), Password: domain.NewPassword(newPassword)})
		require := application.RequirePasswordResetCommand{Email: address(3)}
		execute(s, s.requirePasswordReset(), require)
		execute(s, s.requirePasswordReset(), require) // which changes nothing
		refuse(s, s.changePassword(), changeAs(1, wrong, "another good one"), domain.ErrInvalidCredentials)
		for n, kind := range []domain.MailKind{domain.MailPasswordChanged, domain.MailPasswordSet, domain.MailResetDue} {
			want := []domain.MailKind{kind}
			if !on {
				want = nil
			}
			if got := s.letters(n + 1); !slices.Equal(got, want) {
				t.Errorf("mail is on: %t; person %d is sent %v, want %v", on, n+1, got, want)
			}
		}
	}
}

// Links are forgotten an hour after they have expired: until then they count.
func TestForgetLinks(t *testing.T) {
	s := open(t, person(1), person(2))
	s.askForLink(1)
	s.clock.Advance(30 * time.Minute)
	s.askForLink(2)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{40 * time.Minute, 0}, {time.Second, 1}, {time.Hour, 1}, {time.Hour, 0}} {
		s.clock.Advance(step.after)
		if got := execute(s, s.forgetLinks(), application.ForgetLinksCommand{}); got.Count != step.want {
			t.Errorf("after another %v %d links are forgotten, want %d", step.after, got.Count, step.want)
		}
	}
}
