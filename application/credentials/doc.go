// Package credentials holds the use cases about passwords.
//
// For people: [ChangePassword] takes the old password, [RequestPasswordReset] mails a one-time link,
// and [ConfirmPasswordReset] sets a password with it.
//
// For operators: [SetPassword], [IssueLink] (a reset or an invitation), [RequirePasswordReset] for
// one person and [RequirePasswordResets] for many.
//
// By the clock: [DeliverMail] sends the letters that wait.
//
// [PasswordRules] decide in each of them whether a new password will do.
package credentials
