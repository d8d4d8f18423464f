package domain

// An Actor is who does something. The zero Actor is whoever sent the request: a stranger, or the
// person whose password or token came with it. Actors compare with ==.
type Actor struct {
	Kind ActorKind
	// Staff is the person, or the colleague; "" for the other kinds.
	Staff StaffID
	// Name is what an operator is called, as the environment of the command says; it is not
	// proven. It is "" if that is not known, and for the other kinds.
	Name string
}

// An ActorKind says in which role somebody acts.
type ActorKind string

// The kinds of actors. A colleague acts with the rights of the office or of a superuser.
const (
	ActorPerson    ActorKind = "person"
	ActorOffice    ActorKind = "office"
	ActorSuperuser ActorKind = "superuser"
	ActorOperator  ActorKind = "operator"
	ActorService   ActorKind = "service"
)

// MaxOperatorLength is the longest name of an operator, in bytes.
const MaxOperatorLength = 64

// Operator is somebody at the command line; name is "" if it is not known.
func Operator(name string) Actor { return Actor{Kind: ActorOperator, Name: name} }

// Service acts by itself, because of the time or of what it finds.
func Service() Actor { return Actor{Kind: ActorService} }

// everydayDeeds are what the office may do to others.
var everydayDeeds = map[EventKind]bool{
	EventStaffAdd: true, EventStaffActivate: true, EventStaffDeactivate: true, EventStaffLeave: true,
	EventStaffUnlock: true, EventStaffReset: true, EventStaffInvite: true, EventStaffResetLink: true,
	EventStaffSessions: true, EventSessionEnd: true, EventStaffRead: true,
}

// May decides whether the actor may do a deed, which the audit trail names, to somebody's account:
// nil or [ErrNotAllowed]. Operators and the service may do everything, because they can read the
// database anyway. A colleague does nothing to the own account: there are pages for that. A
// superuser may do everything to others. The office may do the everyday deeds to people who have no
// rights over others. Everybody else may do nothing to accounts.
//
// Reading is asked about the zero Staff: who may read may read about everybody. The office reads about
// people, and a superuser the audit trail too.
func (a Actor) May(deed EventKind, whom Staff) error {
	colleague := a.Staff != "" && a.Staff != whom.ID
	switch {
	case a.Kind == ActorOperator || a.Kind == ActorService:
		return nil
	case a.Kind == ActorSuperuser && colleague:
		return nil
	case a.Kind == ActorOffice && colleague && everydayDeeds[deed] && !whom.IsSuperuser && !whom.IsOfficeStaff:
		return nil
	}
	return ErrNotAllowed
}

// MayTakeLastSuperuser decides whether the actor may shut out the last superuser, or take that right away:
// nil or [ErrLastSuperuser]. A colleague may not, because nobody could undo it on a page. Operators and the
// service may: they can make another superuser.
func (a Actor) MayTakeLastSuperuser() error {
	if a.Kind == ActorOperator || a.Kind == ActorService {
		return nil
	}
	return ErrLastSuperuser
}

// Actor is who did it, as far as the event tells. Events do not store that people acted for
// themselves: it follows from a success of theirs. Versions that stored no kind named operators
// alone.
func (e AuditEvent) Actor() Actor {
	actor := e.Client.Actor
	switch {
	case actor.Kind != "":
		return actor
	case actor.Name != "":
		return Operator(actor.Name)
	case e.Kind == EventMail || e.Kind == EventDatabaseRollback:
		return Service()
	case e.Kind == EventResetRequest || e.StaffID == "" || e.Outcome != OutcomeSuccess:
		return Actor{} // anybody can ask for a link
	}
	return Actor{Kind: ActorPerson, Staff: e.StaffID}
}
