// Package ports says what the use cases need from the world. The comment on an interface is its
// specification. Package [gatehouse/ports/porttest] has contract suites for them, and adapters
// pass these.
//
// [UseCase] is the one driving port: HTTP handlers, commands and timers call it. Adapters
// implement the others:
//
//   - [Store] keeps the state, with [Records] seen from within one update or view: [StaffRecords]
//     (which are also a [StaffFinder]), [SessionRecords], [ImportRecords], [ThrottleRecords],
//     [LinkRecords], [OutboxRecords], [DeletionRecords] and [AuditRecords].
//   - [Upkeep], [Probe], [Backups] and [History] are about the store as a whole.
//   - [PasswordHasher], [HashGrader], [PasswordBlocklist] and [BreachedPasswords] are about
//     passwords.
//   - [TokenSigner], [TokenParser], [PublicKeys] and [SubjectHasher] hold the keys.
//   - [Mailer] sends letters.
//   - [Clock] tells the time; [NewSessionID], [NewTokenID], [NewDeviceID], [NewMailID],
//     [NewStaffID] and [NewLinkToken] make random values.
//
// Ports speak of domain types alone.
//
// Methods that read, write, wait or compute for long take a context first. If it is cancelled
// before the work has begun, they return its error and have done nothing. Records take none: the
// context of their update or view holds for them. The remaining methods take none because they
// answer from memory, in microseconds.
//
// Arguments belong to the receiver and results to the caller: neither keeps a slice or a pointer
// of the other. [PublicKeys] says where this does not hold.
package ports
