// Package steps holds what several use cases do in the same way.
//
//   - [ParseToken], [Authenticate], [SessionOf] and [Admit] find out whose token it is. [Presented] does so
//     for tokens that may have expired.
//   - [PasswordCheck] compares a password, and counts the attempts.
//   - [Ending] ends sessions, and [MakeRoomForSession] ends those that are too many.
//   - [ChangeStaff] changes an account. [Unlock] clears its wrong passwords.
//   - [Postbox] and [LinkMaker] put letters into the outbox. [CountLink] limits how many are asked for.
//   - [Settle] writes a decision together with its audit event.
package steps
