// Package roster holds the use cases about the staff list.
//
//   - [ImportStaff] takes over what Django exports.
//   - [AddStaff] adds one person.
//   - [ListStaff] and [ShowStaff] show people.
//   - [ActivateStaff], [DeactivateStaff], [LeaveStaff] and [DeleteStaff] open and close accounts.
//   - [UnlockStaff] frees an account that wrong passwords have locked.
package roster
