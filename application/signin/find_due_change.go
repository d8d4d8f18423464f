package signin

import (
	"context"
	"errors"

	"gatehouse/domain"
	"gatehouse/ports"
)

// FindDueChange returns the person that a browser's due token names. The password of that person must be
// changed. No one is signed in by it. A forged token counts as none, and so does an expired one, and one from
// before the password was changed.
//
// Errors: [domain.ErrUnavailable].
type FindDueChange struct {
	store   ports.Store
	devices domain.DeviceKey
	clock   ports.Clock
	policy  domain.Policy
}

// FindDueChangeQuery holds the due tokens of the browser.
type FindDueChangeQuery struct {
	Tokens []domain.DueToken
}

// FindDueChangeResult is the owner of the first good token. Found is false if there is none.
type FindDueChangeResult struct {
	Owner domain.Staff
	Found bool
}

// NewFindDueChange makes the use case.
func NewFindDueChange(store ports.Store, devices domain.DeviceKey, clock ports.Clock, policy domain.Policy) *FindDueChange {
	return &FindDueChange{store, devices, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *FindDueChange) Execute(ctx context.Context, query FindDueChangeQuery) (result FindDueChangeResult, err error) {
	now := u.clock()
	for _, token := range query.Tokens {
		due, genuine := u.devices.Due(token)
		if !genuine {
			continue
		}
		owner, err := u.owner(ctx, due.Staff)
		if err != nil {
			return FindDueChangeResult{}, err
		}
		if due.Holds(owner, u.policy, now) {
			return FindDueChangeResult{owner, true}, nil
		}
	}
	return FindDueChangeResult{}, ctx.Err()
}

// owner finds the account. A deleted one is no error.
func (u *FindDueChange) owner(ctx context.Context, id domain.StaffID) (owner domain.Staff, err error) {
	err = u.store.View(ctx, func(records ports.Records) error {
		owner, err = records.Staff().ByID(id)
		return err
	})
	if errors.Is(err, domain.ErrStaffNotFound) {
		return domain.Staff{}, nil
	}
	return owner, err
}
