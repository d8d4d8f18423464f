package domain

// A StaffChange is an account after an operator's command, and whether the command made
// any difference.
type StaffChange struct {
	Staff   Staff
	Changed bool
	// LastSuperuser: the person was the last superuser, see [Staff.StaysSuperuser].
	LastSuperuser bool
}
