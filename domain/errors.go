package domain

import "errors"

// What can be refused, and when. Callers match with [errors.Is]; nothing else about an
// error is a promise. [ReasonOf] gives the reason that the audit trail records.
var (
	// ErrInvalidCredentials: this address and password do not sign in. The audit trail alone
	// says whether one of them is wrong or the account is inactive.
	ErrInvalidCredentials = errors.New("no active account found with the given credentials")
	// ErrPasswordResetRequired: the password is right but must be changed first.
	ErrPasswordResetRequired = errors.New("the password must be changed before signing in")
	// ErrLinkInvalid: a one-time link is unknown, used, expired, or replaced by a newer one. The
	// audit trail alone says which.
	ErrLinkInvalid = errors.New("the link is not valid any more")
	// ErrLinkNotSent: no link is sent to this address now. The answer does not show it.
	ErrLinkNotSent = errors.New("no link is sent")
	// ErrPasswordSet: an invitation is for people without a password, and this person has one.
	ErrPasswordSet = errors.New("the person has a password already")
	// ErrMailOff: mail is not set up.
	ErrMailOff = errors.New("mail is not set up")
	// ErrMailRefused: the mail server will never take this letter.
	ErrMailRefused = errors.New("the mail server refuses the letter")
	// ErrThrottled: there were too many wrong passwords, so this one was not compared. See
	// [Throttled].
	ErrThrottled = errors.New("too many wrong passwords")
	// ErrCrossSite: a page of another site made a request that would use or set our cookies.
	ErrCrossSite = errors.New("the request comes from another site")

	// ErrTokenInvalid: malformed, wrongly signed, of another issuer or audience, or not
	// valid yet.
	ErrTokenInvalid = errors.New("token is invalid")
	// ErrTokenExpired: the token's or its session's time is over.
	ErrTokenExpired = errors.New("token is expired")
	// ErrTokenWrongType: an access token where a refresh token is due, or the reverse.
	ErrTokenWrongType = errors.New("token has wrong type")
	// ErrTokenNoType, ErrTokenNoID, ErrTokenNoExpiry and ErrTokenNoStaff: a claim that
	// every token must have is missing.
	ErrTokenNoType   = errors.New("token has no type")
	ErrTokenNoID     = errors.New("token has no id")
	ErrTokenNoExpiry = errors.New("token has no expiry")
	ErrTokenNoStaff  = errors.New("token names no member of staff")

	// ErrSessionEnded: signed out, blacklisted, or ended by a change of the account.
	ErrSessionEnded = errors.New("session is over")
	// ErrAccountInactive: the token is good but its owner is inactive or has left.
	ErrAccountInactive = errors.New("account is inactive")
	// ErrStaffNotFound: no such member of staff, or not any more.
	ErrStaffNotFound = errors.New("no such member of staff")
	// ErrSessionNotFound: the session that a token names is gone.
	ErrSessionNotFound = errors.New("no such session")
	// ErrNotYourSession: the person has no running session with this id. Somebody else may.
	ErrNotYourSession = errors.New("you have no such session")

	// ErrNotAllowed: the actor has no right to do this; see [Actor.May].
	ErrNotAllowed = errors.New("you may not do this")
	// ErrLastSuperuser: nobody could manage the accounts any more.
	ErrLastSuperuser = errors.New("this is the last superuser: make somebody else one first")

	// ErrAnchorRetired: the event at this place in the audit trail was removed as old.
	ErrAnchorRetired = errors.New("the event was removed as old")

	// ErrEmailTaken: another member of staff has this address, perhaps in other case.
	ErrEmailTaken = errors.New("the e-mail address belongs to another member of staff")
	// ErrInvalidStaff: a value of a staff record cannot be stored; the text says which.
	ErrInvalidStaff = errors.New("invalid staff record")
	// ErrImportRefused: an import had refused rows and was to be all or nothing.
	ErrImportRefused = errors.New("nothing was imported because some rows were refused")
	// ErrPasswordRefused: a new password does not meet the policy. See [PasswordRefusal].
	ErrPasswordRefused = errors.New("the new password is refused")

	// ErrUnknownHash: there is no such kind of password hash, or it takes no such number. The
	// text lists the kinds.
	ErrUnknownHash = errors.New("no such kind of password hash")

	// ErrTrailBroken: the audit trail is not as it was written. See [TrailBreak].
	ErrTrailBroken = errors.New("the audit trail is broken")

	// ErrBackupRefused: a backup cannot be made or restored like this; the text says why.
	// Nothing has been changed.
	ErrBackupRefused = errors.New("the backup is refused")

	// ErrUnavailable: something that the answer depends on does not work right now, most often
	// the database. Nothing has been changed.
	ErrUnavailable = errors.New("temporarily unavailable")
	// ErrOverloaded: too many password checks are waiting already. It is an
	// [ErrUnavailable] that passes within seconds.
	ErrOverloaded error = lack("too many sign-ins at once")
	// ErrOutboxFull: too many letters wait to be sent, so a link cannot be asked for. It is an
	// [ErrUnavailable] that passes when the mail server takes letters again.
	ErrOutboxFull error = lack("too many letters wait to be sent")
	// ErrBreachesUnknown: the list of breached passwords cannot be read, so a new password
	// cannot be checked. It is an [ErrUnavailable] that the operator has to mend.
	ErrBreachesUnknown error = lack("the list of breached passwords cannot be used")
)

// A lack is an [ErrUnavailable] that says what is missing.
type lack string

func (l lack) Error() string { return string(l) }
func (lack) Unwrap() error   { return ErrUnavailable }

// A Refusal is one of the errors above, with a reason for the audit trail alone.
type Refusal struct {
	Err    error
	Reason Reason
}

func refuse(err error, reason Reason) error { return &Refusal{Err: err, Reason: reason} }

// Error returns the public text, without the reason.
func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap returns the public error.
func (r *Refusal) Unwrap() error { return r.Err }

// ReasonOf returns why err was refused. It is the reason of a [Refusal], or one that follows from
// the error itself. It is "" for nil and for errors from outside the domain.
func ReasonOf(err error) Reason {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal.Reason
	}
	for _, known := range reasonsOfErrors {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return ""
}

// IsRefusal reports whether err is a decision of the domain. Other errors kept it from deciding.
func IsRefusal(err error) bool { return ReasonOf(err) != "" }
