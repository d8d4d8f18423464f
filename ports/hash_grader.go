package ports

import "gatehouse/domain"

// A HashGrader knows which password hashes are weaker than others. It reads their text and
// computes no hash. It may be used concurrently.
type HashGrader interface {
	// WeakerThan returns a test for hashes that are weaker than the bar. The bar is the name of
	// a kind, or name:number for that kind at a cost.
	//
	// Errors: [domain.ErrUnknownHash].
	WeakerThan(bar string) (func(domain.PasswordHash) bool, error)
}
