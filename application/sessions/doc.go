// Package sessions holds the use cases that show sessions and end them.
//
// For people, about their own: [ListSessions], [RevokeSession], [RevokeOtherSessions].
//
// For operators, about anybody's: [ListStaffSessions], [RevokeStaffSession], [RevokeStaffSessions].
package sessions
