// Package domain holds the rules of signing in, as pure functions of state and time.
//
// Vocabulary:
//
//   - [Staff] is an account: a person of the shop with an [Email], a [PasswordHash] and a standing
//     (active, inactive, left).
//   - A [Session] is one sign-in on one device. It is the only state. It can be ended, and it
//     expires at a fixed time.
//   - An access token and a refresh token are signed [Claims] derived from a session. They are
//     never stored.
//   - An [AuditEvent] says what happened, to which account, from where, and why. [TrailCheck]
//     finds out whether the audit trail was changed.
//   - A [Throttle] limits guessing of passwords. [Refusals] limit what old tokens can write.
//   - A [Link] is a one-time link, and a [Mail] a letter that waits to be sent.
//   - An [ImportRow] is one person in a list from the shop's Django.
//   - An [Actor] is who does something: the person, a colleague, an operator or the service.
//   - A renewal is a new access token given in passing ([Session.Renew]).
//   - A password is due if it must be changed before the next sign-in. A [DueToken] lets the browser
//     remember that.
//   - A [GuardedRequest] is one about which a reverse proxy asks the guard whether it may pass.
//   - A [Policy] is what the operator decided: lifetimes, the time zone, whether a due password
//     reset blocks.
//
// Nothing here reads a clock, a random source, a file or a network: the current time and new
// identifiers are arguments. Every refusal is one of the errors in errors.go. Types that carry a
// secret (see [Secret]) cannot be printed. Unless a type says otherwise, values may be copied
// freely, and must not be used concurrently while somebody changes them.
package domain
