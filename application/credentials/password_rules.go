package credentials

import (
	"context"
	"errors"

	"gatehouse/domain"
	"gatehouse/ports"
)

// PasswordRules check new passwords, for every use case that sets one. Passwords that are in use already
// are never checked, so they keep working when the rules change.
type PasswordRules struct {
	hasher    ports.PasswordHasher
	blocklist ports.PasswordBlocklist
	breached  ports.BreachedPasswords
	policy    domain.Policy
}

// NewPasswordRules makes the rules.
func NewPasswordRules(
	hasher ports.PasswordHasher, blocklist ports.PasswordBlocklist, breached ports.BreachedPasswords, policy domain.Policy,
) *PasswordRules {
	return &PasswordRules{hasher, blocklist, breached, policy}
}

// check returns a [domain.PasswordRefusal] with every rule that the candidate breaks. The present password
// is empty if its owner has not typed it; then a candidate that breaks no rule is compared with the hash.
//
// Other errors: [domain.ErrBreachesUnknown], [domain.ErrOverloaded], that of ctx.
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
