package ports

import "gatehouse/domain"

// NewSessionID, NewTokenID, NewDeviceID, NewMailID and NewStaffID make identifiers from a
// cryptographic source: 128 random bits as 32 lower-case hex digits, or as a version 4 UUID for staff. They may
// be called concurrently, and never return the same value twice.
type (
	NewSessionID func() domain.SessionID
	NewTokenID   func() domain.TokenID
	NewDeviceID  func() domain.DeviceID
	NewMailID    func() domain.MailID
	NewStaffID   func() domain.StaffID
)

// NewLinkToken makes the secret of a one-time link from a cryptographic source: 256 random bits
// in base64url (RFC 4648), 43 characters. It may be called concurrently.
type NewLinkToken func() domain.LinkToken
