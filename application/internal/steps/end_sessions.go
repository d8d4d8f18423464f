package steps

import (
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// An Ending says why sessions end, who ends them and when.
type Ending struct {
	Kind   domain.EventKind // of the audit events
	End    domain.EndReason // stored with the sessions
	Reason domain.Reason    // of the audit events
	Client domain.Client
	Now    time.Time
}

// Apply ends the sessions, each with an audit event of its own, and returns their number.
func (e Ending) Apply(records ports.Records, sessions ...domain.Session) (ended int, err error) {
	for _, session := range sessions {
		session.End(e.End, e.Now)
		if err := records.Sessions().Save(session); err != nil {
			return ended, err
		}
		event := domain.NewAuditEvent(e.Kind, e.Client, e.Now)
		event.StaffID, event.Session, event.Reason = session.StaffID, session.ID, e.Reason
		if err := records.Audit().Append(event.Decided(nil)); err != nil {
			return ended, err
		}
		ended++
	}
	return ended, nil
}

// Others ends all running sessions of the person except kept, and returns their number. If kept is "", it
// ends all of them.
func (e Ending) Others(records ports.Records, staff domain.StaffID, kept domain.SessionID, policy domain.Policy) (int, error) {
	all, err := records.Sessions().OfStaff(staff)
	if err != nil {
		return 0, err
	}
	var ending []domain.Session
	for _, session := range all {
		if session.ID != kept && session.Running(policy, e.Now) {
			ending = append(ending, session)
		}
	}
	return e.Apply(records, ending...)
}

// MakeRoomForSession ends the person's oldest sessions if one more would be too many.
func MakeRoomForSession(records ports.Records, staff domain.StaffID, client domain.Client, policy domain.Policy, now time.Time) error {
	all, err := records.Sessions().OfStaff(staff)
	if err != nil {
		return err
	}
	surplus := Ending{domain.EventSessionEnd, domain.EndTooMany, domain.ReasonTooMany, client, now}
	_, err = surplus.Apply(records, policy.Surplus(all, now)...)
	return err
}
