// Package apptest is the test kit of the use cases: a shop with its people on the in-memory adapters,
// every use case over that one store, and stores that fail or are changed meanwhile.
package apptest
