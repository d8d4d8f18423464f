// Package upkeep holds the use cases that keep the store small, sound and copied.
//
// By the clock: [ForgetSessions], [ForgetFailures], [ForgetLinks], [RetireAuditEvents],
// [CheckpointStore], [OptimizeStore].
//
// When the service starts, before anything else: [EndRevivedSessions].
//
// When somebody asks: [CheckReadiness], [DescribeStore], [BackUp], [RestoreBackup].
package upkeep
