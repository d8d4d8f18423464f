package domain

import (
	"net/netip"
	"time"
)

// An AuditEvent is one line of the audit trail. It is written in the same durable step
// as the change that it describes, and it never holds a secret.
type AuditEvent struct {
	// Sequence is given by the store: it rises by one with each event, from one on.
	Sequence int64
	At       time.Time
	Kind     EventKind
	Outcome  Outcome
	// Reason is empty where the outcome says it all.
	Reason  Reason
	StaffID StaffID
	// Subject is a keyed hash of the address as typed, for sign-ins of unknown ones:
	// people type passwords into the wrong field. For a database that was put back behind
	// the service's back it is the seal of the newest event that is known to be lost.
	Subject SubjectHash
	Session SessionID
	Client  Client
	// PreviousAddress is, when a refresh token was replayed, where the session was last
	// used from.
	PreviousAddress netip.Addr
}

// NewAuditEvent starts the event of something that client tries now. [AuditEvent.Decided]
// completes it.
func NewAuditEvent(kind EventKind, client Client, now time.Time) AuditEvent {
	return AuditEvent{At: now, Kind: kind, Client: client}
}

// Decided returns the event with the outcome and the reason of a decision; a nil decision
// is a success and keeps the reason that is there.
func (e AuditEvent) Decided(decision error) AuditEvent {
	e.Outcome = OutcomeOf(decision)
	if decision != nil {
		e.Reason = ReasonOf(decision)
	}
	return e
}

// An EventKind says what was tried.
type EventKind string

// The kinds of audit events.
const (
	EventSignIn          EventKind = "sign_in"
	EventTokenRefresh    EventKind = "token_refresh"
	EventTokenRenew      EventKind = "token_renew"
	EventSignOut         EventKind = "sign_out"
	EventTokenBlacklist  EventKind = "token_blacklist"
	EventSessionEnd      EventKind = "session_end"
	EventPasswordChange  EventKind = "password_change"
	EventStaffAdd        EventKind = "staff_add"
	EventStaffImport     EventKind = "staff_import"
	EventStaffPassword   EventKind = "staff_set_password"
	EventStaffReset      EventKind = "staff_require_reset"
	EventStaffActivate   EventKind = "staff_activate"
	EventStaffDeactivate EventKind = "staff_deactivate"
	EventStaffLeave      EventKind = "staff_leave"
	EventStaffDelete     EventKind = "staff_delete"
	EventStaffSessions   EventKind = "staff_revoke_sessions"
	EventStaffUnlock     EventKind = "staff_unlock"
	// Somebody wanted to read about people, or the audit trail. Only refusals are written.
	EventStaffRead EventKind = "staff_read"
	EventAuditRead EventKind = "audit_read"

	// Somebody has asked for a link, and has set a password with one; an operator has made
	// one; and a letter was sent, or given up.
	EventResetRequest   EventKind = "password_reset_request"
	EventPasswordReset  EventKind = "password_reset"
	EventStaffResetLink EventKind = "staff_reset_link"
	EventStaffInvite    EventKind = "staff_invite"
	EventMail           EventKind = "mail"
	// The database was put back to an earlier state: by the command for it, or behind the
	// service's back, or that cannot be told any more. Every session has been ended.
	EventDatabaseRestore  EventKind = "database_restore"
	EventDatabaseRollback EventKind = "database_rollback"
)

// EventKinds are all kinds, in the order in which an operator reads them.
func EventKinds() []EventKind {
	return []EventKind{
		EventSignIn, EventTokenRefresh, EventTokenRenew, EventSignOut, EventTokenBlacklist, EventSessionEnd, EventPasswordChange,
		EventStaffAdd, EventStaffImport, EventStaffPassword, EventStaffReset, EventStaffActivate, EventStaffDeactivate,
		EventStaffLeave, EventStaffDelete, EventStaffSessions, EventStaffUnlock, EventStaffRead, EventAuditRead,
		EventResetRequest, EventPasswordReset, EventStaffResetLink, EventStaffInvite, EventMail,
		EventDatabaseRestore, EventDatabaseRollback,
	}
}

// An Outcome says how it went.
type Outcome string

// The outcomes: done; refused because something presented was wrong; or right, but held
// back by a rule.
const (
	OutcomeSuccess Outcome = "success"
	OutcomeFailure Outcome = "failure"
	OutcomeBlocked Outcome = "blocked"
)

// OutcomeOf is the outcome that a decision amounts to.
func OutcomeOf(decision error) Outcome {
	switch ReasonOf(decision) {
	case ReasonPasswordResetRequired, ReasonCrossSite, ReasonInactive, ReasonLeft, ReasonThrottled, ReasonTooManyMails, ReasonMailOff,
		ReasonOutboxFull, ReasonNotAllowed, ReasonLastSuperuser:
		return OutcomeBlocked
	}
	if decision != nil {
		return OutcomeFailure
	}
	return OutcomeSuccess
}

// A SubjectHash is a keyed hash, in lower-case hex, of something that may be private.
type SubjectHash string

// A Reason says why something was refused, or how it was done. Only the audit trail and
// the log show it.
type Reason string

// The reasons.
const (
	ReasonUnknownAccount        Reason = "unknown_account"
	ReasonWrongPassword         Reason = "wrong_password"
	ReasonUnusablePassword      Reason = "unusable_password"
	ReasonInactive              Reason = "inactive"
	ReasonLeft                  Reason = "left"
	ReasonPasswordResetRequired Reason = "password_reset_required"
	ReasonPasswordRefused       Reason = "password_refused"
	ReasonCrossSite             Reason = "cross_site"
	ReasonHashUpgraded          Reason = "hash_upgraded"
	ReasonThrottled             Reason = "throttled"

	ReasonLinkUnknown  Reason = "link_unknown"
	ReasonLinkExpired  Reason = "link_expired"
	ReasonLinkOutdated Reason = "link_outdated"
	ReasonTooManyMails Reason = "too_many_mails"
	ReasonMailOff      Reason = "mail_off"
	ReasonOutboxFull   Reason = "outbox_full"
	ReasonMailRefused  Reason = "mail_refused"
	ReasonMailGivenUp  Reason = "mail_given_up"

	ReasonTokenInvalid    Reason = "token_invalid"
	ReasonTokenExpired    Reason = "token_expired"
	ReasonTokenWrongType  Reason = "token_wrong_type"
	ReasonTokenIncomplete Reason = "token_incomplete"
	ReasonIssuedInFuture  Reason = "token_issued_in_future"
	ReasonNotValidYet     Reason = "token_not_valid_yet"
	ReasonWrongIssuer     Reason = "token_wrong_issuer"
	ReasonWrongAudience   Reason = "token_wrong_audience"
	ReasonNoSession       Reason = "token_without_session"
	ReasonSharedSecret    Reason = "token_of_shared_secret"

	ReasonSessionEnded   Reason = "session_ended"
	ReasonSessionExpired Reason = "session_expired"
	ReasonSessionIdle    Reason = "session_idle"
	ReasonReplayed       Reason = "refresh_token_replayed"
	ReasonNotIssuedYet   Reason = "refresh_token_not_issued_yet"
	ReasonRepeated       Reason = "refresh_token_repeated"
	ReasonRotated        Reason = "refresh_token_rotated"
	ReasonReplaced       Reason = "replaced"
	ReasonTooMany        Reason = "too_many_sessions"
	ReasonByOwner        Reason = "by_owner"
	ReasonByOperator     Reason = "by_operator"
	ReasonNotAllowed     Reason = "not_allowed"
	ReasonLastSuperuser  Reason = "last_superuser"
	ReasonAccountDeleted Reason = "account_deleted"

	ReasonAdded          Reason = "added"
	ReasonDeletedEarlier Reason = "deleted_earlier" // added, after it had been deleted here
	ReasonUpdated        Reason = "updated"
	ReasonAdopted        Reason = "django_token_adopted"
	ReasonUnchanged      Reason = "unchanged"

	// ReasonHistoryMissing: whether the database was put back cannot be told any more.
	ReasonHistoryMissing Reason = "history_missing"
)

var reasonsOfErrors = []struct {
	err    error
	reason Reason
}{
	{ErrTokenInvalid, ReasonTokenInvalid},
	{ErrTokenExpired, ReasonTokenExpired},
	{ErrTokenWrongType, ReasonTokenWrongType},
	{ErrTokenNoType, ReasonTokenIncomplete},
	{ErrTokenNoID, ReasonTokenIncomplete},
	{ErrTokenNoExpiry, ReasonTokenIncomplete},
	{ErrTokenNoStaff, ReasonTokenIncomplete},
	{ErrSessionEnded, ReasonSessionEnded},
	{ErrSessionNotFound, ReasonSessionEnded},
	{ErrStaffNotFound, ReasonAccountDeleted},
	{ErrNotAllowed, ReasonNotAllowed},
	{ErrLastSuperuser, ReasonLastSuperuser},
	{ErrPasswordRefused, ReasonPasswordRefused},
	{ErrCrossSite, ReasonCrossSite},
	{ErrThrottled, ReasonThrottled},
	{ErrLinkInvalid, ReasonLinkUnknown},
	{ErrMailOff, ReasonMailOff},
	{ErrMailRefused, ReasonMailRefused},
	{ErrOutboxFull, ReasonOutboxFull},
}

// StandIn turns the hash into an id near which to look for an account that stands in for
// an unknown one.
func (h SubjectHash) StandIn() StaffID {
	const size = 32
	digits := string(h)
	for len(digits) < size {
		digits += "0"
	}
	return StaffID(digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:size])
}
