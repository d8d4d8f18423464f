package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ListStaffSessions returns the running sessions of one person or of everybody, for an operator. They
// are in the order of addresses, and the oldest of each person comes first.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type ListStaffSessions struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// ListStaffSessionsQuery names the person by address. An empty address means everybody.
type ListStaffSessionsQuery struct {
	Email  string
	Client domain.Client
}

// A StaffSession is a session and its owner.
type StaffSession struct {
	Staff   domain.Staff
	Session domain.Session
}

// NewListStaffSessions makes the use case.
func NewListStaffSessions(store ports.Store, clock ports.Clock, policy domain.Policy) *ListStaffSessions {
	return &ListStaffSessions{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ListStaffSessions) Execute(ctx context.Context, query ListStaffSessionsQuery) (found []StaffSession, err error) {
	now := u.clock()
	if err := steps.PermitReading(ctx, u.store, domain.EventStaffRead, query.Client, now); err != nil {
		return nil, err
	}
	err = u.store.View(ctx, func(records ports.Records) error {
		people, err := u.people(records.Staff(), query.Email)
		if err != nil {
			return err
		}
		for _, staff := range people {
			running, err := runningOf(records, staff, u.policy, now)
			if err != nil {
				return err
			}
			for _, session := range running {
				found = append(found, StaffSession{staff, session})
			}
		}
		return nil
	})
	return steps.Result(found, err)
}

func (u *ListStaffSessions) people(staff ports.StaffFinder, email string) (people []domain.Staff, err error) {
	if email != "" {
		one, err := staff.ByEmail(domain.Email(email).Key())
		return []domain.Staff{one}, err
	}
	for one, err := range staff.All() {
		if err != nil {
			return nil, err
		}
		people = append(people, one)
	}
	return people, nil
}
