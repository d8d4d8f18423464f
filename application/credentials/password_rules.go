package credentials

import (
	"context"
	"errors"

	"gatehouse/domain"
	"gatehouse/ports"
)

// PasswordRules decide whether a password may become somebody's. Every use case that sets
// one asks them, and nothing else does: passwords that are in use already stay good.
type PasswordRules struct {
	hasher    ports.PasswordHasher
	blocklist ports.PasswordBlocklist
	breached  ports.BreachedPasswords
	policy    domain.Policy
}

// NewPasswordRules makes them.
func NewPasswordRules(
	hasher ports.PasswordHasher, blocklist ports.PasswordBlocklist, breached ports.BreachedPasswords, policy domain.Policy,
) *PasswordRules {
	return &PasswordRules{hasher, blocklist, breached, policy}
}

// check returns nil, a [domain.PasswordRefusal] with every rule that the candidate breaks,
// or why it cannot be known: [domain.ErrBreachesUnknown], [domain.ErrOverloaded], the context's
// error. The present password is known if its owner has just shown it; otherwise it is empty,
// and a candidate that is good in every other way is compared with the hash.
func (r *PasswordRules) check(ctx context.Context, staff domain.Staff, candidate, present domain.Password) error {
	refused, _ := errors.AsType[*domain.PasswordRefusal](r.policy.CheckNewPassword(domain.PasswordChoice{
		Password: candidate, Current: present, Owner: staff.Profile,
		Rank: r.blocklist.Rank, Words: r.blocklist.Words(),
	}))
	var broken []domain.BrokenRule
	if refused != nil {
		broken = refused.Broken
	}
	if len(candidate.Reveal()) <= domain.MaxPasswordLength {
		breached, err := r.breached.Breached(ctx, candidate)
		if err != nil {
			return err
		}
		if breached {
			broken = append(broken, domain.BrokenRule{Rule: domain.PasswordBreached})
		}
	}
	if len(broken) > 0 {
		return domain.RefusePassword(broken...)
	}
	return r.compare(ctx, staff.Credentials.Hash, candidate, present)
}

func (r *PasswordRules) compare(ctx context.Context, hash domain.PasswordHash, candidate, present domain.Password) error {
	if !present.Empty() || !hash.Usable() {
		return nil
	}
	same, err := r.hasher.Matches(ctx, candidate, hash)
	if err != nil {
		return err
	}
	if same {
		return domain.RefusePassword(domain.BrokenRule{Rule: domain.PasswordUnchanged})
	}
	return nil
}
