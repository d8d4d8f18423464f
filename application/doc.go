// Package application holds the use cases: what the service does. Each is a verb with a file of its
// own, and they are cut by subject:
//
//   - [gatehouse/application/signin]: signing in and out, refreshing, and what a token is good for
//   - [gatehouse/application/sessions]: who is signed in where, and ending that
//   - [gatehouse/application/credentials]: changing, resetting and demanding passwords, and the letters
//     about them
//   - [gatehouse/application/roster]: the staff list
//   - [gatehouse/application/audit]: reading and verifying the audit trail
//   - [gatehouse/application/upkeep]: what keeps the store small, sound and copied
//
// Every use case implements [gatehouse/ports.UseCase]: a command or query in, a result out. A use
// case puts steps into order; package domain decides what may happen. Each change is one
// [gatehouse/ports.Store] update that carries its audit event.
//
// This package itself has only [Refusals], which use cases of several subjects share while the
// service runs.
package application
