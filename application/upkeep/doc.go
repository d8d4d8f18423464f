// Package upkeep holds the use cases that keep the store small, sound and backed up.
//
// By the clock:
//
//   - [ForgetSessions] removes old sessions and records of deleted accounts.
//   - [ForgetFailures] removes old counters of wrong passwords.
//   - [ForgetLinks] removes old one-time links.
//   - [RetireAuditEvents] removes old audit events and leaves a signed checkpoint.
//   - [CheckpointStore] moves recent writes from the log into the main file.
//   - [OptimizeStore] keeps queries fast.
//
// When the service starts, before the first request:
//
//   - [EndRevivedSessions] ends all sessions if the store was put back to an earlier state.
//
// When somebody asks:
//
//   - [CheckReadiness] says whether the service can work now.
//   - [DescribeStore] reports the size and the state of the store.
//   - [BackUp] copies the store into a file, and [RestoreBackup] puts such a file in its place.
package upkeep
