// Package porttest holds one contract suite per driven port. To test a new adapter, call
// the suite of its port with a function that opens an empty instance:
//
//	func TestStore(t *testing.T) {
//		porttest.Store(t, func(t *testing.T) ports.Store { return openMine(t) })
//	}
//
// The comments in package ports are the specification; a suite tests nothing else. The
// fixtures (a clock, identifiers, people) serve the tests of use cases as well.
package porttest
