// Package gatehouse puts together a sign-in service for one shop. Staff sign in with the passwords
// that they have in the shop's Django system, and get tokens that its apps and APIs accept.
//
// Package [gatehouse/domain] has the rules: who may sign in, when a token or session is over, what
// the audit trail records. They are pure functions of state and time. Package
// [gatehouse/domain/guess] says why a password is easy to guess.
//
// Package [gatehouse/application] has the use cases, one a file. They are cut by subject:
// [gatehouse/application/signin], [gatehouse/application/sessions],
// [gatehouse/application/credentials], [gatehouse/application/roster],
// [gatehouse/application/audit] and [gatehouse/application/upkeep].
//
// Package [gatehouse/ports] has an interface for each thing that use cases need from the world: a
// store, a password hasher, a signer, a clock. The comment on an interface is its specification,
// and [gatehouse/ports/porttest] has the contract suites.
//
// Some adapters drive use cases:
//
//   - [gatehouse/adapters/fiberhttp] answers HTTP;
//   - [gatehouse/adapters/cli] has the operator's commands;
//   - [gatehouse/adapters/housekeeping] removes what is old, by the clock;
//   - [gatehouse/adapters/delivery] has waiting letters sent, by the clock.
//
// The other adapters implement ports. No adapter knows another:
//
//   - [gatehouse/adapters/sqlite] keeps staff, sessions and the audit trail in one file;
//   - [gatehouse/adapters/zaplog] repeats audit events in the log;
//   - [gatehouse/adapters/passwords] checks every hash that Django writes, and makes Argon2id ones;
//   - [gatehouse/adapters/blocklist] knows common passwords and the words of the place;
//   - [gatehouse/adapters/breached] knows passwords from data breaches;
//   - [gatehouse/adapters/jwtsigner] signs and reads tokens;
//   - [gatehouse/adapters/keyfile] keeps its keys in files;
//   - [gatehouse/adapters/smtpmail] writes letters and hands them to a mail server;
//   - [gatehouse/adapters/subjecthmac] hides unknown addresses behind a keyed hash;
//   - [gatehouse/adapters/djangoexport] reads staff lists from Django;
//   - [gatehouse/adapters/system] is the clock and the source of random identifiers;
//   - [gatehouse/adapters/memory] replaces the slow ones in tests.
//
// wire.go lists what belongs together, and Wire makes wire_gen.go of it. It has three injectors:
// [NewServer] is the service, [NewOperator] the commands that need the database, and
// [NewFileOperator] those that work on its files while nothing has it open. The program in
// cmd/gatehouse reads the configuration and calls one of them.
//
// architecture_test.go fails if an import points outwards, and if this tour leaves a package out.
package gatehouse

import (
	"gatehouse/adapters/delivery"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/housekeeping"
	"gatehouse/application/upkeep"
)

// A Service has everything that runs as long as the process: the part that answers, and the parts
// that keep house and send letters meanwhile. All must have ended before the database is closed.
type Service struct {
	// EndRevivedSessions must run before anything else.
	EndRevivedSessions *upkeep.EndRevivedSessions
	Web                *fiberhttp.Server
	Keeper             *housekeeping.Keeper
	// Sender runs only if mail is set up.
	Sender *delivery.Sender
}
