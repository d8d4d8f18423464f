package domain_test

import (
	"testing"

	"gatehouse/domain"
)

// Who acted follows from what is stored, also for events of versions that stored no kind.
func TestActorOfAnEvent(t *testing.T) {
	const una, ned = domain.StaffID("una"), domain.StaffID("ned")
	type event = domain.AuditEvent
	by := func(actor domain.Actor) domain.Client { return domain.Client{Actor: actor} }
	colleague := domain.Actor{Kind: domain.ActorOffice, Staff: ned}
	for name, test := range map[string]struct {
		event event
		want  domain.Actor
	}{
		"a colleague":           {event{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: una, Client: by(colleague)}, colleague},
		"an operator":           {event{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: una, Client: by(domain.Operator("mia"))}, domain.Operator("mia")},
		"a nameless operator":   {event{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: una, Client: by(domain.Operator(""))}, domain.Operator("")},
		"an operator of before": {event{Kind: domain.EventStaffUnlock, Outcome: domain.OutcomeSuccess, StaffID: una, Client: by(domain.Actor{Name: "root"})}, domain.Operator("root")},
		"the service":           {event{Kind: domain.EventMail, Outcome: domain.OutcomeSuccess, StaffID: una, Client: by(domain.Service())}, domain.Service()},
		"a letter of before":    {event{Kind: domain.EventMail, Outcome: domain.OutcomeSuccess, StaffID: una}, domain.Service()},
		"a rollback of before":  {event{Kind: domain.EventDatabaseRollback, Outcome: domain.OutcomeSuccess}, domain.Service()},
		"the person":            {event{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: una}, domain.Actor{Kind: domain.ActorPerson, Staff: una}},
		"a wrong password":      {event{Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, StaffID: una}, domain.Actor{}},
		"a held password":       {event{Kind: domain.EventSignIn, Outcome: domain.OutcomeBlocked, StaffID: una}, domain.Actor{}},
		"a stranger":            {event{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess}, domain.Actor{}},
		"who asked for a link":  {event{Kind: domain.EventResetRequest, Outcome: domain.OutcomeSuccess, StaffID: una}, domain.Actor{}},
	} {
		if got := test.event.Actor(); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
