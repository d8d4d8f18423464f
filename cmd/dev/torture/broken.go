package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/zaplog"
	"gatehouse/ports"
)

// A brokenStore puts a mistake between the use cases and the database, such as a service
// could have: the controls, which must turn the trial red.
type brokenStore func(ports.Store) ports.Store

// controls are the mistakes, by name.
func controls() map[string]brokenStore {
	return map[string]brokenStore{
		"early-reply":     func(inner ports.Store) ports.Store { return earlyReply{inner} },
		"audit-outside":   func(inner ports.Store) ports.Store { return auditOutside{inner} },
		"read-then-write": func(inner ports.Store) ports.Store { return readThenWrite{inner} },
	}
}

func controlNames() []string { return slices.Sorted(maps.Keys(controls())) }

// storeBrokenBy returns the mistake of a name, and none for the empty one.
func storeBrokenBy(name string) (brokenStore, error) {
	if name == "" {
		return func(inner ports.Store) ports.Store { return inner }, nil
	}
	broken, ok := controls()[name]
	if !ok {
		return nil, fmt.Errorf("there is no control %q: there are %s", name, strings.Join(controlNames(), ", "))
	}
	return broken, nil
}

// breakStore is for the injector.
func breakStore(db *sqlite.DB, broken brokenStore) zaplog.Inner { return broken(db) }

// earlyReply answers before the commit, which follows a little later, as that of a store
// does which writes behind.
type earlyReply struct{ ports.Store }

// behind is how much later. Without it the window is a few microseconds wide: what SQLite
// has handed to the system survives kill -9, on the disk or not.
const behind = 5 * time.Millisecond

// Update implements [ports.Store], wrongly.
func (s earlyReply) Update(ctx context.Context, change func(ports.Records) error) error {
	early := make(chan error, 2)
	go func() {
		early <- s.Store.Update(context.WithoutCancel(ctx), func(r ports.Records) error {
			err := change(r)
			early <- err
			<-time.After(behind)
			return err
		})
	}()
	return <-early
}
