// Package gatehouse is the composition root of a sign-in service for one shop: staff sign
// in with the passwords they have in the shop's Django system, and get tokens that its
// apps and APIs accept.
//
// The rules are in [gatehouse/domain]: who may sign in, when a token or session is over,
// what the audit trail records. They are pure functions of state and time.
//
// What the service does with them is in [gatehouse/application], one use case a file. What
// a use case needs from the world (a store, a password hasher, a signer, a clock) is an
// interface in [gatehouse/ports], whose comment is its specification and whose contract
// suite is in [gatehouse/ports/porttest].
//
// The adapters fill the ports, and none knows another:
//
//   - [gatehouse/adapters/fiberhttp] answers HTTP, [gatehouse/adapters/cli] the operator, and
//     [gatehouse/adapters/housekeeping] does by the clock what nobody asks for;
//   - [gatehouse/adapters/sqlite] keeps staff, sessions and the audit trail in one file,
//     [gatehouse/adapters/zaplog] repeats audit events in the log;
//   - [gatehouse/adapters/passwords] checks every hash that Django writes and makes
//     Argon2id ones;
//   - [gatehouse/adapters/jwtsigner] signs and reads tokens, with keys that
//     [gatehouse/adapters/keyfile] keeps;
//   - [gatehouse/adapters/smtpmail] writes letters and hands them to a mail server, which
//     [gatehouse/adapters/delivery] has done by the clock;
//   - [gatehouse/adapters/subjecthmac] hides addresses that nobody is known by;
//   - [gatehouse/adapters/djangoexport] reads what Django exports;
//   - [gatehouse/adapters/system] is the clock and the source of identifiers;
//   - [gatehouse/adapters/memory] stands in for the slow ones in tests.
//
// wire.go puts them together; wire_gen.go is what Wire makes of it. The command in
// cmd/gatehouse reads the configuration and calls one of the two injectors.
// architecture_test.go fails when an import points outwards.
package gatehouse

import (
	"gatehouse/adapters/delivery"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/housekeeping"
	"gatehouse/application/upkeep"
)

// A Service is what runs as long as the service does: what answers, and what keeps house
// and sends letters meanwhile. All must have ended before the database is closed.
type Service struct {
	// EndRevivedSessions has to be done before anything else.
	EndRevivedSessions *upkeep.EndRevivedSessions
	Web                *fiberhttp.Server
	Keeper             *housekeeping.Keeper
	// Sender is to run where mail is set up.
	Sender *delivery.Sender
}
