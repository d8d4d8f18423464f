// Package application holds the use cases: what the service does. Each use case is a verb with a file of
// its own and a test file beside it. There is a package for each subject:
//
//   - [gatehouse/application/signin]: sign in and out, refresh and verify tokens
//   - [gatehouse/application/sessions]: list sessions and revoke them
//   - [gatehouse/application/credentials]: change, reset and demand passwords, and send letters about them
//   - [gatehouse/application/roster]: keep the staff list
//   - [gatehouse/application/audit]: read and verify the audit trail
//   - [gatehouse/application/upkeep]: keep the store small, sound and backed up
//
// Every use case implements [gatehouse/ports.UseCase]: a command or query goes in, a result comes out.
// A use case puts steps into order; package domain decides what may happen. Each change is one
// [gatehouse/ports.Store] update, and its audit event is part of that update. Use cases may be executed
// concurrently unless they say otherwise. Beside an error the result is empty unless they say otherwise.
//
// This package itself has only [Refusals], which use cases of several subjects share.
package application
