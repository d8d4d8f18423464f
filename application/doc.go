// Package application holds the use cases: what the service does, one file each.
//
// For people and programs, over HTTP:
//
//   - [ObtainTokens] signs a person in.
//   - [RefreshAccess] gives a new access token for a refresh token.
//   - [RenewAccess] gives a new access token to whoever reads a page.
//   - [VerifyToken] tells whether a token is good.
//   - [SignOut] ends the sessions of whatever tokens are presented.
//   - [BlacklistToken] ends the session of one refresh token.
//   - [CurrentStaff] tells a person who they are.
//   - [ChangePassword] replaces a password by one that its owner chooses.
//   - [CheckReadiness] tells whether the service can do its work.
//
// Before the first of them, [EndRevivedSessions] makes sure that an older copy of the
// database brings nobody's session back.
//
// For the operator, at the command line: [ImportStaff], [AddStaff], [ListStaff],
// [ShowStaff], [SetPassword], [ActivateStaff], [DeactivateStaff], [RequirePasswordReset], [RequirePasswordResets],
// [LeaveStaff], [DeleteStaff], [UnlockStaff], [ListAuditEvents], [ExportAuditEvents], [VerifyAuditTrail],
// [DescribeStore], [BackUp], [RestoreBackup].
//
// By the clock: [ForgetSessions], [ForgetFailures], [RetireAuditEvents], [CheckpointStore],
// [OptimizeStore].
//
// Every one implements [gatehouse/ports.UseCase]: a command or query in, a result out.
// A use case orchestrates; what may happen is decided by package domain. Each change is
// one [gatehouse/ports.Store] update that carries its audit event with it.
package application
