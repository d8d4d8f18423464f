// Package ports says what the use cases need from the world, one role a file.
//
// [UseCase] is the one driving port: HTTP handlers and commands call it. The others are
// driven: adapters implement them. The comment on each is its specification, and package
// [gatehouse/ports/porttest] holds a contract suite for it that every adapter passes.
//
// Ports speak of domain types alone. Every method takes a context first; when it is
// cancelled before the work has begun, the method returns the context's error and has
// done nothing. Arguments and results are the receiver's and the caller's own: nobody
// keeps a slice or a pointer of the other.
package ports
