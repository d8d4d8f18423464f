// Package credentials holds the use cases about passwords.
//
// For people:
//
//   - [ChangePassword] sets a new password for somebody who knows the old one.
//   - [RequestPasswordReset] mails a one-time link.
//   - [ConfirmPasswordReset] sets a new password with such a link.
//
// For operators:
//
//   - [SetPassword] sets a password that its owner must change.
//   - [IssueLink] makes a link for a reset or an invitation.
//   - [RequirePasswordReset] demands a change from one person.
//   - [RequirePasswordResets] demands it from everybody to whom a criterion applies.
//
// By the clock:
//
//   - [DeliverMail] sends the letters that wait.
//
// [PasswordRules] check every new password for them.
package credentials
