package domain

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// A StaffID is the UUID that the shop's Django gave a person, in lower-case canonical
// form. It is the user_id claim of every token.
type StaffID string

// ParseStaffID accepts a UUID in canonical form (RFC 9562, 8-4-4-4-12), in either case.
func ParseStaffID(text string) (StaffID, error) {
	if len(text) != 36 {
		return "", errors.New("the id is not a UUID")
	}
	for i := range len(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (text[i] == '-') || !dash && !isHex(text[i]) {
			return "", errors.New("the id is not a UUID")
		}
	}
	return StaffID(lowerASCII(text)), nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// A Profile is what the shop's job system knows about a person, credentials aside.
// Profiles compare with ==.
type Profile struct {
	Email            Email
	FirstName        string
	LastName         string
	PreferredName    string
	HasPreferredName bool // tells an empty preferred name from none
	IsActive         bool
	IsOfficeStaff    bool
	IsWorkshopStaff  bool
	IsSuperuser      bool
	DateLeft         Date // the first day on which the person does not work here any more
}

// A PreferredName is what a person wants to be called. It tells an empty name from none.
type PreferredName struct {
	Name string
	Has  bool
}

func (p Profile) preferredName() PreferredName {
	return PreferredName{p.PreferredName, p.HasPreferredName}
}

// MaxNameLength is the longest first, last or preferred name, in characters.
const MaxNameLength = 150

// Validate refuses a profile that cannot be stored, with an [ErrInvalidStaff] that names
// the field.
func (p Profile) Validate() error {
	if _, err := ParseEmail(string(p.Email)); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidStaff, err)
	}
	for _, name := range []struct{ field, value string }{
		{"first_name", p.FirstName}, {"last_name", p.LastName}, {"preferred_name", p.PreferredName},
	} {
		if !utf8.ValidString(name.value) || strings.ContainsRune(name.value, 0) {
			return fmt.Errorf("%w: %s is not text", ErrInvalidStaff, name.field)
		}
		if utf8.RuneCountInString(name.value) > MaxNameLength {
			return fmt.Errorf("%w: %s is longer than %d characters", ErrInvalidStaff, name.field, MaxNameLength)
		}
	}
	return nil
}

// FullName is the first and the last name, without a space where one is missing.
func (p Profile) FullName() string {
	return strings.TrimSpace(p.FirstName + " " + p.LastName)
}

// Credentials are what a person signs in with.
type Credentials struct {
	Hash PasswordHash
	// NeedsReset: the password must be changed before the next sign-in.
	NeedsReset bool
	// Version counts the password's changes; a better hash of the same password keeps
	// it. A password that was checked at one version counts at that version only.
	Version int64
	// ChangedAt is when the password was last changed here; zero if it never was.
	ChangedAt time.Time
}

// Staff is one person's account. Values may be copied freely.
type Staff struct {
	ID StaffID
	Profile
	Credentials Credentials
	// SessionsEndedAt is when all sessions were last ended at once; zero if never.
	// Tokens without a session that were issued until then are over too.
	SessionsEndedAt time.Time
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// NewStaff makes an account that nobody can sign in to before a password is set.
func NewStaff(id StaffID, profile Profile, now time.Time) (Staff, error) {
	if err := profile.Validate(); err != nil {
		return Staff{}, err
	}
	return Staff{
		ID:          id,
		Profile:     profile,
		Credentials: Credentials{Hash: UnusablePassword},
		CreatedAt:   now,
		UpdatedAt:   now,
	}, nil
}

// CheckStanding returns nil if the person works in the shop on the day today. Errors:
// [ErrAccountInactive], with the reason.
func (s Staff) CheckStanding(today Date) error {
	switch {
	case !s.IsActive:
		return refuse(ErrAccountInactive, ReasonInactive)
	case s.hasLeft(today):
		return refuse(ErrAccountInactive, ReasonLeft)
	}
	return nil
}

func (s Staff) hasLeft(today Date) bool { return !s.DateLeft.IsZero() && !s.DateLeft.After(today) }

// StaysSuperuser reports whether the person is a superuser who can go on as one: the account is active, and
// no day of leaving is set.
func (s Staff) StaysSuperuser() bool { return s.IsSuperuser && s.IsActive && s.DateLeft.IsZero() }

// CheckSignIn decides a sign-in after the password was compared. Errors: [ErrInvalidCredentials],
// and [ErrPasswordResetRequired] if that is enforced.
func (s Staff) CheckSignIn(passwordMatches bool, policy Policy, now time.Time) error {
	switch standing := s.CheckStanding(policy.Today(now)); {
	case !passwordMatches && !s.Credentials.Hash.Usable():
		return refuse(ErrInvalidCredentials, ReasonUnusablePassword)
	case !passwordMatches:
		return refuse(ErrInvalidCredentials, ReasonWrongPassword)
	case standing != nil:
		return refuse(ErrInvalidCredentials, ReasonOf(standing))
	case s.Credentials.NeedsReset && policy.EnforcePasswordReset:
		return refuse(ErrPasswordResetRequired, ReasonPasswordResetRequired)
	}
	return nil
}

// HasRevoked reports whether these claims, of a token without a session, were taken back: by a
// change of the password, or by an end of all sessions. A token issued in that same second counts
// as issued before. While the account is shut, only the password counts; see [Session.Revoked].
func (s Staff) HasRevoked(claims Claims) bool {
	since := s.Credentials.ChangedAt
	if s.IsActive && s.SessionsEndedAt.After(since) {
		since = s.SessionsEndedAt
	}
	return !since.IsZero() && !claims.IssuedAt.After(since)
}

// UpgradeHash replaces the hash by a better one of the same password. It does nothing if the
// password has changed since it was checked at version.
func (s *Staff) UpgradeHash(hash PasswordHash, version int64, now time.Time) {
	if s.Credentials.Version == version {
		s.Credentials.Hash = hash
		s.UpdatedAt = now
	}
}

// ChangePassword sets a password that its owner has chosen. No change is due any more.
func (s *Staff) ChangePassword(hash PasswordHash, now time.Time) {
	s.replacePassword(hash, false, now)
}

// SetPassword sets a password that somebody else has chosen. Its owner has to change it at the
// next sign-in.
func (s *Staff) SetPassword(hash PasswordHash, now time.Time) {
	s.replacePassword(hash, true, now)
}

func (s *Staff) replacePassword(hash PasswordHash, needsReset bool, now time.Time) {
	s.Credentials = Credentials{
		Hash:       hash,
		NeedsReset: needsReset,
		Version:    s.Credentials.Version + 1,
		ChangedAt:  later(s.Credentials.ChangedAt, now),
	}
	s.EndSessions(now)
}

// RequirePasswordReset makes a change of the password due. It reports whether none was due before.
func (s *Staff) RequirePasswordReset(now time.Time) bool {
	if s.Credentials.NeedsReset {
		return false
	}
	s.Credentials.NeedsReset = true
	s.UpdatedAt = now
	return true
}

// EndSessions ends all sessions, and all tokens without a session that were issued until now. If
// the clock was put back, a later end from before stays.
func (s *Staff) EndSessions(now time.Time) {
	s.SessionsEndedAt = later(s.SessionsEndedAt, now)
	s.UpdatedAt = now
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Deactivate shuts the account, and reports whether it was open.
func (s *Staff) Deactivate(now time.Time) bool {
	if !s.IsActive {
		return false
	}
	s.IsActive = false
	s.EndSessions(now)
	return true
}

// Activate opens the account again, also for a person who had left. It reports whether anything
// changed. Sessions that ended when the person left stay ended.
func (s *Staff) Activate(today Date, now time.Time) bool {
	left := s.hasLeft(today)
	if s.IsActive && !left {
		return false
	}
	if left {
		s.DateLeft = Date{}
		s.EndSessions(now)
	}
	s.IsActive = true
	s.UpdatedAt = now
	return true
}

// Leave sets the first day on which the person no longer works here. All sessions are over from
// that day on, in the shop's time zone. If that day has come, they end at once. They stay ended if
// the person had left already.
func (s *Staff) Leave(on, today Date, now time.Time) {
	hadLeft := s.hasLeft(today)
	s.DateLeft = on
	if hadLeft || s.hasLeft(today) {
		s.EndSessions(now)
	}
	s.UpdatedAt = now
}
