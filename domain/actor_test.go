package domain_test

import (
	"errors"
	"slices"
	"strings"
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

// Who may do what to whose account. What a row does not name is refused.
func TestMay(t *testing.T) {
	const ned = domain.StaffID("ned")
	person := func(id domain.StaffID, change func(*domain.Profile)) domain.Staff {
		staff := domain.Staff{ID: id}
		change(&staff.Profile)
		return staff
	}
	nothing := func(*domain.Profile) {}
	whom := map[string]domain.Staff{
		"colleague": person("una", nothing),
		"workshop":  person("una", func(p *domain.Profile) { p.IsWorkshopStaff = true }),
		"office":    person("una", func(p *domain.Profile) { p.IsOfficeStaff = true }),
		"superuser": person("una", func(p *domain.Profile) { p.IsSuperuser = true }),
		"self":      person(ned, nothing),
	}
	everyday := []domain.EventKind{
		domain.EventStaffAdd, domain.EventStaffActivate, domain.EventStaffDeactivate, domain.EventStaffLeave, domain.EventStaffUnlock,
		domain.EventStaffReset, domain.EventStaffInvite, domain.EventStaffResetLink, domain.EventStaffSessions, domain.EventSessionEnd,
		domain.EventStaffRead,
	}
	rare := []domain.EventKind{domain.EventAuditRead, domain.EventStaffDelete, domain.EventStaffImport, domain.EventStaffPassword}
	all := []string{"colleague", "workshop", "office", "superuser", "self"}
	for _, row := range []struct {
		actor          domain.Actor
		everyday, rare []string
	}{
		{domain.Operator("mia"), all, all},
		{domain.Operator(""), all, all},
		{domain.Service(), all, all},
		{domain.Actor{Kind: domain.ActorSuperuser, Staff: ned}, all[:4], all[:4]},
		{domain.Actor{Kind: domain.ActorOffice, Staff: ned}, all[:2], nil},
		{domain.Actor{Kind: domain.ActorSuperuser}, nil, nil},
		{domain.Actor{Kind: domain.ActorOffice}, nil, nil},
		{domain.Actor{Kind: domain.ActorPerson, Staff: ned}, nil, nil},
		{domain.Actor{Kind: "unknown", Staff: ned}, nil, nil},
		{domain.Actor{Name: "mia"}, nil, nil},
		{domain.Actor{}, nil, nil},
	} {
		if err := row.actor.MayTakeLastSuperuser(); (err == nil) != slices.Contains(row.rare, "self") || err != nil && !errors.Is(err, domain.ErrLastSuperuser) {
			t.Errorf("%+v takes the last superuser: %v", row.actor, err)
		}
		check := func(deeds []domain.EventKind, allowed []string) {
			for _, deed := range deeds {
				for name, staff := range whom {
					err := row.actor.May(deed, staff)
					if may := slices.Contains(allowed, name); may != (err == nil) || !may && !errors.Is(err, domain.ErrNotAllowed) {
						t.Errorf("%+v, %s of %s: %v, want allowed: %t", row.actor, deed, name, err, may)
					}
				}
			}
		}
		check(everyday, row.everyday)
		check(rare, row.rare)
	}
	for actor, mayReadTrail := range map[domain.Actor]bool{
		{Kind: domain.ActorOffice, Staff: ned}: false, {Kind: domain.ActorSuperuser, Staff: ned}: true,
	} {
		// The zero Staff stands for everybody.
		if err := actor.May(domain.EventStaffRead, domain.Staff{}); err != nil {
			t.Errorf("%+v reads about people: %v", actor, err)
		}
		if err := actor.May(domain.EventAuditRead, domain.Staff{}); (err == nil) != mayReadTrail {
			t.Errorf("%+v reads the trail: %v, want allowed: %t", actor, err, mayReadTrail)
		}
	}
	for _, kind := range domain.EventKinds() {
		known := slices.Contains(everyday, kind) || slices.Contains(rare, kind)
		if (strings.HasPrefix(string(kind), "staff_") || strings.HasPrefix(string(kind), "audit_")) && !known {
			t.Errorf("%s is new: say in this test whether the office may do it", kind)
		}
	}
}
