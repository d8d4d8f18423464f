// Package roster holds the use cases about the staff list.
//
//   - [ImportStaff] adds and changes accounts from an export of the shop's job system.
//   - [AddStaff] adds one account.
//   - [ListStaff] lists accounts, and [ShowStaff] shows one.
//   - [ActivateStaff] opens an account, and [DeactivateStaff] closes it.
//   - [LeaveStaff] closes an account from a day on.
//   - [DeleteStaff] removes an account for good.
//   - [UnlockStaff] unlocks an account after too many wrong passwords.
package roster
