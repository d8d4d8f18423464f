package domain

// A StaffChange is an account after an operator's command, and whether the command made
// any difference.
type StaffChange struct {
	Staff   Staff
	Changed bool
}
