// Package audit holds the use cases that read the audit trail.
//
//   - [ListAuditEvents] returns the newest events.
//   - [ExportAuditEvents] hands out all of them, oldest first.
//   - [VerifyAuditTrail] finds what was changed or removed.
package audit
