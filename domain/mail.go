package domain

import "time"

// A MailID is 128 random bits as 32 lower-case hex digits. A letter has one, however often it
// is sent.
type MailID string

// A MailKind is what a letter says.
type MailKind string

// The kinds of letters: two with a one-time link, and notices of what was done to the password.
const (
	MailResetLink       MailKind = "reset_link"
	MailInvitation      MailKind = "invitation"
	MailPasswordChanged MailKind = "password_changed" // by its owner
	MailPasswordReset   MailKind = "password_reset"   // with a link
	MailPasswordSet     MailKind = "password_set"     // by an operator
	MailResetDue        MailKind = "reset_due"
	// MailDecoy is never sent: it is stored for an address to which no link is sent, so that
	// the same work is done for every address.
	MailDecoy MailKind = "decoy"
)

// MailKinds returns all that are sent.
func MailKinds() []MailKind {
	return []MailKind{MailResetLink, MailInvitation, MailPasswordChanged, MailPasswordReset, MailPasswordSet, MailResetDue}
}

// HasLink reports whether letters of the kind need a link.
func (k MailKind) HasLink() bool { return k == MailResetLink || k == MailInvitation }

const (
	noticeLifetime = 24 * time.Hour
	firstRetry     = 2 * time.Second
	lastRetry      = time.Minute
)

const (
	// MaxOutbox is how many letters with reset links may wait, decoys included. Beyond it
	// decoys give way; where there are none, nobody can ask for one more.
	MaxOutbox = 1000
	// MaxDecoys is how many decoys may wait: beyond it the oldest one gives way.
	MaxDecoys = 100
)

// An Outbox counts the waiting letters that people have asked for.
type Outbox struct {
	// Links are the letters with a reset link, Decoys those that nobody will read.
	Links, Decoys int
}

// Admit decides whether one more letter can be taken, and whether the oldest decoy must make room.
// A letter and a decoy are treated alike, because the time of the answer would tell them apart.
//
// Errors: [ErrOutboxFull].
func (o Outbox) Admit() (displace bool, err error) {
	if o.Links >= MaxOutbox {
		return false, ErrOutboxFull
	}
	return o.Decoys >= MaxDecoys || o.Decoys > 0 && o.Links+o.Decoys >= MaxOutbox, nil
}

// A Mail is a letter that waits to be sent. It compares with ==.
type Mail struct {
	ID MailID
	// Account is whom it is for. Where that is nobody's id, there is nothing to send.
	Account AccountKey
	Kind    MailKind
	// Sealed is the token of its link, if it has one.
	Sealed SealedToken
	// From CreatedAt until ExpiresAt it is of use, and it is to be sent at DueAt, after so
	// many Attempts that have failed.
	CreatedAt, ExpiresAt, DueAt time.Time
	Attempts                    int
}

// NewNotice is a letter without a link.
func NewNotice(id MailID, kind MailKind, staff StaffID, now time.Time) Mail {
	return Mail{ID: id, Account: AccountKey(staff), Kind: kind, CreatedAt: now, ExpiresAt: now.Add(noticeLifetime), DueAt: now}
}

// NewLinkMail makes the letter for a link that was issued just now. If the link is for an unknown
// address, the letter is a decoy.
func NewLinkMail(id MailID, link Link, token LinkToken, key OutboxKey, now time.Time) Mail {
	kind := MailResetLink
	switch {
	case link.Email == "":
		kind = MailDecoy
	case link.Purpose == LinkInvitation:
		kind = MailInvitation
	}
	return Mail{
		ID: id, Account: link.Account, Kind: kind, Sealed: key.Seal(id, token),
		CreatedAt: now, ExpiresAt: link.ExpiresAt, DueAt: now,
	}
}

// Postpone notes a failed attempt, and reports whether there will be another. The wait doubles
// each time, up to a minute.
func (m *Mail) Postpone(now time.Time) bool {
	wait := firstRetry
	for range m.Attempts {
		wait = min(2*wait, lastRetry)
	}
	m.Attempts++
	m.DueAt = now.Add(wait)
	return m.DueAt.Before(m.ExpiresAt)
}

// A Letter has what a mailer needs to write and send a [Mail].
type Letter struct {
	ID    MailID
	Kind  MailKind
	To    Email
	Name  string    // of the person, "" if unknown
	About time.Time // when it happened
	// Staff and Token make the link, which works until Until.
	Staff StaffID
	Token LinkToken
	Until time.Time
}
