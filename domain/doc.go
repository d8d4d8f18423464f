// Package domain holds the rules of signing in, as pure functions of state and time.
//
// Vocabulary:
//
//   - A member of [Staff] is an account: a person of the shop with an [Email], a
//     [PasswordHash] and a standing (active, inactive, left).
//   - A [Session] is one sign-in on one device. It is the only state: it can be ended,
//     and it ends by itself at an absolute time.
//   - An access token and a refresh token are signed [Claims] derived from a session.
//     They are never stored.
//   - An [AuditEvent] says what happened, to whom, from where, and why.
//   - A [Policy] is what the operator decided: lifetimes, the time zone, whether a due
//     password reset blocks.
//
// Nothing here reads a clock, a random source, a file or a network: the current time
// and new identifiers are arguments. Every refusal is one of the errors in errors.go.
// Types that carry a secret (see [Secret]) cannot be printed.
package domain
