package ports

import "gatehouse/domain"

// NewSessionID, NewTokenID, NewDeviceID and NewStaffID make identifiers from a cryptographic source:
// 128 random bits as 32 lower-case hex digits, or as a version 4 UUID for staff. They may
// be called concurrently, and never return the same value twice.
type (
	NewSessionID func() domain.SessionID
	NewTokenID   func() domain.TokenID
	NewDeviceID  func() domain.DeviceID
	NewStaffID   func() domain.StaffID
)
