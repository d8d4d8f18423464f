package cli

import "gatehouse/domain"

// staffObject is everything about an account that an operator may see.
func staffObject(staff domain.Staff, today domain.Date) object {
	return object{
		{"id", string(staff.ID)},
		{"email", string(staff.Email)},
		{"first_name", staff.FirstName},
		{"last_name", staff.LastName},
		{"preferred_name", preferredName(staff)},
		{"full_name", staff.FullName()},
		{"is_active", staff.IsActive},
		{"is_office_staff", staff.IsOfficeStaff},
		{"is_workshop_staff", staff.IsWorkshopStaff},
		{"is_superuser", staff.IsSuperuser},
		{"date_left", orNull(staff.DateLeft.String())},
		{"status", string(statusOf(staff, today))},
		{"password_usable", staff.Credentials.Hash.Usable()},
		{"password_needs_reset", staff.Credentials.NeedsReset},
		{"password_algorithm", orNull(staff.Credentials.Hash.Algorithm())},
		{"created_at", timestamp(staff.CreatedAt)},
		{"updated_at", timestamp(staff.UpdatedAt)},
	}
}

func preferredName(staff domain.Staff) any {
	if !staff.HasPreferredName {
		return nil
	}
	return staff.PreferredName
}

// A status is where a person stands on a day.
type status string

const (
	statusActive   status = "active"
	statusInactive status = "inactive"
	statusLeft     status = "left"
	statusLeaves   status = "leaves" // on a later day
)

func statusOf(staff domain.Staff, today domain.Date) status {
	switch standing := staff.CheckStanding(today); {
	case domain.ReasonOf(standing) == domain.ReasonLeft:
		return statusLeft
	case standing != nil:
		return statusInactive
	case !staff.DateLeft.IsZero():
		return statusLeaves
	}
	return statusActive
}

func statusText(staff domain.Staff, today domain.Date) string {
	status := statusOf(staff, today)
	if status == statusLeft || status == statusLeaves {
		return string(status) + " " + staff.DateLeft.String()
	}
	return string(status)
}

func passwordText(staff domain.Staff) string {
	switch {
	case !staff.Credentials.Hash.Usable():
		return "none"
	case staff.Credentials.NeedsReset:
		return "reset due"
	}
	return "ok"
}
