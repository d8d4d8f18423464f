package cli

import (
	"time"

	"gatehouse/domain"
)

func eventObjects(events []domain.AuditEvent) []object {
	objects := []object{}
	for _, event := range events {
		objects = append(objects, eventObject(event))
	}
	return objects
}

// eventObject is all that is known of an event; what is not known is null.
func eventObject(event domain.AuditEvent) object {
	return object{
		{"sequence", event.Sequence},
		{"at", timestamp(event.At)},
		{"kind", string(event.Kind)},
		{"outcome", string(event.Outcome)},
		{"reason", orNull(string(event.Reason))},
		{"staff_id", orNull(string(event.StaffID))},
		{"subject", orNull(string(event.Subject))},
		{"session_id", orNull(string(event.Session))},
		{"address", orNull(peer(event.Client))},
		{"user_agent", orNull(event.Client.UserAgent)},
		{"request_id", orNull(event.Client.RequestID)},
		{"operator", orNull(event.Client.Operator)},
		{"previous_address", orNull(peer(domain.Client{Address: event.PreviousAddress}))},
	}
}

// sealedObject is an event with its seal.
func sealedObject(event domain.SealedEvent) object {
	return append(eventObject(event.AuditEvent), member{"seal", event.Seal.String()})
}

// eventRows is the table of events, with the addresses of accounts that still exist.
func eventRows(events []domain.AuditEvent, accounts []domain.Staff, zone *time.Location) [][]string {
	emails := map[domain.StaffID]domain.Email{}
	for _, account := range accounts {
		emails[account.ID] = account.Email
	}
	rows := [][]string{{"TIME", "KIND", "OUTCOME", "REASON", "STAFF", "ADDRESS", "SESSION"}}
	for _, event := range events {
		rows = append(rows, []string{
			event.At.In(zone).Format(time.RFC3339), string(event.Kind), string(event.Outcome), string(event.Reason),
			who(event, emails), origin(event.Client), string(event.Session),
		})
	}
	return rows
}

// who shows enough of a subject's hash to tell it from others in a table.
func who(event domain.AuditEvent, emails map[domain.StaffID]domain.Email) string {
	const enough = 12
	switch email, known := emails[event.StaffID]; {
	case known:
		return string(email)
	case event.StaffID != "":
		return string(event.StaffID)
	case event.Subject != "":
		return "subject:" + string(event.Subject[:min(enough, len(event.Subject))])
	}
	return ""
}

func origin(client domain.Client) string {
	if client.Operator != "" {
		return "operator:" + client.Operator
	}
	return peer(client)
}

func peer(client domain.Client) string {
	if !client.Address.IsValid() {
		return ""
	}
	return client.Address.String()
}
