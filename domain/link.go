package domain

import (
	"crypto/subtle"
	"time"
)

// A LinkPolicy is what the operator has decided about one-time links.
type LinkPolicy struct {
	// Mail: letters are sent. Else nobody can ask for a link, and nobody is notified.
	Mail bool
	// ResetLifetime is how long a link works that a person has asked for,
	// InvitationLifetime one with which somebody new sets the first password.
	ResetLifetime, InvitationLifetime time.Duration
}

// LongestLink is how long a one-time link may work at most (NIST SP 800-63B-4, 4.2.1.2).
const LongestLink = 24 * time.Hour

const (
	mailedLinks  = 5 // in a mailWindow, to one account
	mailWindow   = time.Hour
	mailInterval = time.Minute
)

// A LinkPurpose is what a one-time link is for.
type LinkPurpose string

// The purposes.
const (
	LinkReset      LinkPurpose = "reset"
	LinkInvitation LinkPurpose = "invitation"
)

// A Link is the one-time link of an account: each new one takes the place of the one before.
// It compares with ==.
type Link struct {
	// Account is the person's id, or the subject hash of an address that nobody has: for
	// such a one the same is stored, and works for nobody.
	Account AccountKey
	// Digest is "" if there is no link, or not any more.
	Digest  LinkDigest
	Purpose LinkPurpose
	// Email and Version are those of the account at the time: the link is for that address
	// and that password only.
	Email                EmailKey
	Version              int64
	CreatedAt, ExpiresAt time.Time
	// Mailed is when links were last asked for and sent, newest first.
	Mailed [mailedLinks]time.Time
}

// Issue makes the link work for the token alone, for the lifetime or [LongestLink]. The shorter of the two
// counts. For an unknown address, owner is empty.
func (l *Link) Issue(token LinkToken, purpose LinkPurpose, owner Staff, lifetime time.Duration, now time.Time) {
	l.Digest, l.Purpose = token.Digest(), purpose
	l.Email, l.Version = owner.Email.Key(), owner.Credentials.Version
	l.CreatedAt, l.ExpiresAt = now, now.Add(min(lifetime, LongestLink))
	if l.CreatedAt.Before(owner.SessionsEndedAt) { // the clock was put back
		l.CreatedAt = owner.SessionsEndedAt
	}
}

// Mail notes that a link is mailed because somebody asked. Errors: [ErrLinkNotSent] if there were
// too many.
func (l *Link) Mail(now time.Time) error {
	if within(l.Mailed[0], now, mailInterval) || within(l.Mailed[mailedLinks-1], now, mailWindow) {
		return refuse(ErrLinkNotSent, ReasonTooManyMails)
	}
	copy(l.Mailed[1:], l.Mailed[:])
	l.Mailed[0] = now
	return nil
}

// within reports whether t was less than ago before now. A time in the future does not count: the
// clock was put back.
func within(t, now time.Time, ago time.Duration) bool {
	passed := now.Sub(t)
	return !t.IsZero() && 0 <= passed && passed < ago
}

// Check decides whether the token may set the owner's password at the instant now. Ending all
// sessions of the owner at once ends the link too. Errors: [ErrLinkInvalid], with a reason for the
// audit trail.
func (l Link) Check(token LinkToken, owner Staff, policy Policy, now time.Time) error {
	standing := owner.CheckStanding(policy.Today(now))
	switch {
	case l.Digest == "" || subtle.ConstantTimeCompare([]byte(l.Digest), []byte(token.Digest())) != 1:
		return refuse(ErrLinkInvalid, ReasonLinkUnknown)
	case !now.Before(l.ExpiresAt):
		return refuse(ErrLinkInvalid, ReasonLinkExpired)
	case l.Account != AccountKey(owner.ID), l.Email != owner.Email.Key(), l.Version != owner.Credentials.Version,
		l.CreatedAt.Before(owner.SessionsEndedAt):
		return refuse(ErrLinkInvalid, ReasonLinkOutdated)
	case standing != nil:
		return refuse(ErrLinkInvalid, ReasonOf(standing))
	}
	return nil
}

// Use ends the link.
func (l *Link) Use() { l.Digest = "" }

// ForgetLinksBefore returns the instant before which a link must have expired to be removed. Until
// then it tells how many links were mailed.
func ForgetLinksBefore(now time.Time) time.Time { return now.Add(-mailWindow) }
