package main

import (
	"context"
	"os"
	"path/filepath"

	"gatehouse/cmd/internal/running"
)

// A fleet is the servers that are measured, each a process with a database of its own.
type fleet struct {
	dir       string
	limit     *server
	gatehouse *server
	guard     *server // of the same process
	rotating  *server // gives a new refresh token at each refresh
	grown     *server // on the prepared data folder; nil without one
}

// launch builds the service, starts everything and opens so many sessions at each server.
func launch(ctx context.Context, sessions int, data string) (f *fleet, err error) {
	f = &fleet{}
	defer func() {
		if err != nil {
			f.stop()
		}
	}()
	if f.dir, err = os.MkdirTemp("", "gatehouse-benchmark-"); err != nil {
		return f, err
	}
	binary, err := running.Build(ctx, f.dir)
	if err != nil {
		return f, err
	}
	if f.limit, err = startLimit(ctx); err != nil {
		return f, err
	}
	return f, f.startGatehouses(ctx, binary, sessions, data)
}

func (f *fleet) startGatehouses(ctx context.Context, binary string, sessions int, data string) (err error) {
	fresh := installation{binary: binary, dir: filepath.Join(f.dir, "data"), rotate: "false"}
	if f.gatehouse, err = fresh.start(ctx, "gatehouse", sessions); err != nil {
		return err
	}
	f.guard = f.gatehouse.asGuard()
	rotating := installation{binary: binary, dir: filepath.Join(f.dir, "rotating"), rotate: "true"}
	if f.rotating, err = rotating.start(ctx, "gatehouse that rotates", sessions); err != nil || data == "" {
		return err
	}
	grown := installation{binary: binary, dir: data, rotate: "false"}
	f.grown, err = grown.start(ctx, "gatehouse on the large database", sessions)
	return err
}

// gatehouses are those that run.
func (f *fleet) gatehouses() (servers []*server) {
	for _, s := range []*server{f.gatehouse, f.rotating, f.grown} {
		if s != nil {
			servers = append(servers, s)
		}
	}
	return servers
}

func (f *fleet) stop() {
	for _, s := range f.gatehouses() {
		s.stop()
	}
	if f.limit != nil {
		f.limit.stop()
	}
	_ = os.RemoveAll(f.dir)
}
