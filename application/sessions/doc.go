// Package sessions holds the use cases that list sessions and revoke them.
//
// For people, about their own sessions:
//
//   - [ListSessions] returns those that run.
//   - [RevokeSession] ends one of them.
//   - [RevokeOtherSessions] ends all except the one that asks.
//
// For operators, about anybody's:
//
//   - [ListStaffSessions] returns those that run.
//   - [RevokeStaffSession] ends one.
//   - [RevokeStaffSessions] ends all of one person.
//
// Sessions also end by package signin (signing out), package credentials (a new password) and package
// roster (a closed account).
package sessions
