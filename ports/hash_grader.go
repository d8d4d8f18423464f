package ports

import "gatehouse/domain"

// A HashGrader knows which password hashes are weaker than others. It computes nothing, and
// may be used concurrently.
type HashGrader interface {
	// WeakerThan returns a test for hashes that are weaker than the bar: the name of a
	// kind, or name:number for that kind at a cost. The error is [domain.ErrUnknownHash].
	WeakerThan(bar string) (func(domain.PasswordHash) bool, error)
}
