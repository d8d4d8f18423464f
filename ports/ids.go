package ports

import "gatehouse/domain"

// NewSessionID, NewTokenID, NewDeviceID and NewMailID make 128 random bits as 32 lower-case hex
// digits. NewStaffID makes a version 4 UUID (RFC 9562). The bits come from a cryptographic
// source, so no value comes twice. All may be called concurrently.
type (
	NewSessionID func() domain.SessionID
	NewTokenID   func() domain.TokenID
	NewDeviceID  func() domain.DeviceID
	NewMailID    func() domain.MailID
	NewStaffID   func() domain.StaffID
)

// NewLinkToken makes the secret of a one-time link: 256 random bits from a cryptographic source,
// as 43 characters in base64url (RFC 4648). It may be called concurrently.
type NewLinkToken func() domain.LinkToken
