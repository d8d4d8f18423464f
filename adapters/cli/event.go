package cli

import (
	"context"
	"time"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

// A who is what is printed about the people in events: those who have an account, and the shop's
// local time.
type who struct {
	people map[domain.StaffID]domain.Profile
	zone   *time.Location
}

// newWho reads the accounts once. That is a few hundred people, however many events there are.
func newWho(ctx context.Context, env Environment, useCases UseCases) (who, error) {
	accounts, err := useCases.ListStaff.Execute(ctx, roster.ListStaffQuery{Client: env.Client})
	if err != nil {
		return who{}, explain(err, "")
	}
	w := who{map[domain.StaffID]domain.Profile{}, env.Zone}
	for _, account := range accounts {
		w.people[account.ID] = account.Profile
	}
	return w, nil
}

func (w who) objects(events []domain.AuditEvent) []object {
	objects := []object{}
	for _, event := range events {
		objects = append(objects, w.object(event))
	}
	return objects
}

// object is all that is known of an event; what is not known is null.
func (w who) object(event domain.AuditEvent) object {
	actor := event.Actor()
	staff, colleague := w.people[event.StaffID], w.people[actor.Staff]
	return object{
		{"sequence", event.Sequence},
		{"at", timestamp(event.At)},
		{"at_local", event.At.In(w.zone).Format(localMillis)},
		{"kind", string(event.Kind)},
		{"outcome", string(event.Outcome)},
		{"reason", orNull(string(event.Reason))},
		{"staff_id", orNull(string(event.StaffID))},
		{"staff_email", orNull(string(staff.Email))},
		{"staff_name", orNull(staff.FullName())},
		{"subject", orNull(string(event.Subject))},
		{"session_id", orNull(string(event.Session))},
		{"address", orNull(peer(event.Client))},
		{"user_agent", orNull(event.Client.UserAgent)},
		{"request_id", orNull(event.Client.RequestID)},
		{"actor", orNull(string(actor.Kind))},
		{"actor_id", orNull(string(actor.Staff))},
		{"actor_email", orNull(string(colleague.Email))},
		{"actor_name", orNull(colleague.FullName())},
		{"operator", orNull(actor.Name)},
		{"previous_address", orNull(peer(domain.Client{Address: event.PreviousAddress}))},
	}
}

const membersManual = `at is in UTC, at_local in the time zone of the shop (TIME_ZONE). staff_email and
staff_name are those that the person of staff_id has today; they are null if the
account is deleted.
actor_email and actor_name are those of actor_id. actor is person, office,
superuser, operator or service; null is a stranger, or somebody who was refused.
operator is who ran the command, as far as that is known: it is not proven.`

// localMillis is RFC 3339 with milliseconds, and with the offset of the shop's time zone.
const localMillis = "2006-01-02T15:04:05.000-07:00"

// sealedObject is an event with its seal.
func (w who) sealedObject(event domain.SealedEvent) object {
	return append(w.object(event.AuditEvent), member{"seal", event.Seal.String()})
}

// rows is the table of events.
func (w who) rows(events []domain.AuditEvent) [][]string {
	rows := [][]string{{"TIME", "KIND", "OUTCOME", "REASON", "STAFF", "ACTOR", "ADDRESS", "SESSION"}}
	for _, event := range events {
		rows = append(rows, []string{
			event.At.In(w.zone).Format(time.RFC3339), string(event.Kind), string(event.Outcome), string(event.Reason),
			w.subject(event), w.actor(event.Actor()), peer(event.Client), string(event.Session),
		})
	}
	return rows
}

// subject shows enough of a subject's hash to tell it from others in a table.
func (w who) subject(event domain.AuditEvent) string {
	const enough = 12
	switch {
	case event.StaffID != "":
		return w.address(event.StaffID)
	case event.Subject != "":
		return "subject:" + string(event.Subject[:min(enough, len(event.Subject))])
	}
	return ""
}

// address is that of an account which still exists, and else the id.
func (w who) address(id domain.StaffID) string {
	if person, known := w.people[id]; known {
		return string(person.Email)
	}
	return string(id)
}

// actor is the kind and then who it was. STAFF has told already who the person is.
func (w who) actor(actor domain.Actor) string {
	name := actor.Name
	if actor.Kind != domain.ActorPerson && actor.Staff != "" {
		name = w.address(actor.Staff)
	}
	if name == "" {
		return string(actor.Kind)
	}
	return string(actor.Kind) + ":" + name
}

func peer(client domain.Client) string {
	if !client.Address.IsValid() {
		return ""
	}
	return client.Address.String()
}
