package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gatehouse/cmd/internal/running"
)

// A workshop is a folder with the built program, in which every trial has a folder of its
// own.
type workshop struct{ dir, binary string }

func openWorkshop(ctx context.Context) (*workshop, error) {
	dir, err := os.MkdirTemp("", "gatehouse-torture-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir}
	if err = os.Chmod(dir, 0o711); err == nil { // for the account of settleUnprivileged
		w.binary, err = running.Build(ctx, dir)
	}
	if err != nil {
		w.close()
	}
	return w, err
}

func (w *workshop) close() { _ = os.RemoveAll(w.dir) }

// folder makes a folder for one trial.
func (w *workshop) folder() (string, error) {
	dir, err := os.MkdirTemp(w.dir, "trial-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// killing kills the server so many times.
func (w *workshop) killing(ctx context.Context, cycles int, seed uint64, broken string, out io.Writer) error {
	begin := time.Now()
	t, err := w.trial(ctx, seed, func(h *house) { h.composed, h.broken = broken != "", broken })
	if err != nil {
		return err
	}
	defer t.end()
	t.progress = out
	err = t.run(ctx, cycles)
	t.report(out, time.Since(begin))
	return errors.Join(err, t.tally.verdict())
}

// trial begins one in a folder of its own.
func (w *workshop) trial(ctx context.Context, seed uint64, furnish func(*house)) (*trial, error) {
	dir, err := w.folder()
	if err != nil {
		return nil, err
	}
	h, err := settle(ctx, w.binary, dir, people)
	if err != nil {
		return nil, err
	}
	if furnish != nil {
		furnish(h)
	}
	return newTrial(ctx, h, seed)
}

// faults tries everything but kill -9.
func (w *workshop) faults(ctx context.Context, seed uint64, lock time.Duration, out io.Writer) error {
	var all error
	for _, part := range []struct {
		name string
		try  func() error
	}{
		{"foreign lock", func() error { return w.tryForeignLock(ctx, seed, lock) }},
		{"size limit", func() error { return w.trySizeLimit(ctx, seed) }},
		{"small disk", func() error { return w.trySmallDisk(ctx) }},
		{"read-only", func() error { return w.tryReadOnly(ctx, seed) }},
		{"clock", func() error { return w.tryClock(ctx) }},
	} {
		begin := time.Now()
		err := part.try()
		said := "kept every promise"
		if errors.Is(err, errNoMount) {
			said, err = err.Error(), nil // the size limit stands in
		}
		if err != nil {
			said, all = "failed", errors.Join(all, err)
		}
		_, _ = fmt.Fprintf(out, "%-13s %s, %.1f s\n", part.name, said, time.Since(begin).Seconds())
	}
	return all
}

func (w *workshop) tryForeignLock(ctx context.Context, seed uint64, hold time.Duration) error {
	return w.enduring(ctx, seed, func(t *trial) fault { return t.foreignLock(ctx, hold) })
}

func (w *workshop) trySizeLimit(ctx context.Context, seed uint64) error {
	return w.enduring(ctx, seed, (*trial).sizeLimit)
}

func (w *workshop) enduring(ctx context.Context, seed uint64, of func(*trial) fault) error {
	t, err := w.trial(ctx, seed, nil)
	if err != nil {
		return err
	}
	defer t.end()
	return errors.Join(t.endure(ctx, of(t)), t.tally.verdict())
}

func (w *workshop) trySmallDisk(ctx context.Context) error {
	dir, err := w.folder()
	if err != nil {
		return err
	}
	said, err := onSmallDisk(ctx, w.binary, filepath.Join(dir, "disk"))
	if err != nil && !errors.Is(err, errNoMount) {
		return fmt.Errorf("%w: %s", err, said)
	}
	return err
}

// trySmallDisk is the part of it that runs where something can be mounted.
func trySmallDisk(ctx context.Context, binary, dir string, out io.Writer) error {
	if err := mountSmallDisk(dir); err != nil {
		return err
	}
	h, err := settle(ctx, binary, dir, people)
	if err != nil {
		return err
	}
	t, err := newTrial(ctx, h, 1)
	if err != nil {
		return err
	}
	defer t.end()
	err = t.endure(ctx, fullDisk(dir))
	_, _ = fmt.Fprintf(out, "%d writes, %d refused\n", t.tally.writes(), t.tally.refusals())
	return errors.Join(err, t.tally.verdict())
}

func (w *workshop) tryReadOnly(ctx context.Context, seed uint64) error {
	dir, err := w.folder()
	if err != nil {
		return err
	}
	h, err := settleUnprivileged(ctx, w.binary, dir)
	if err != nil {
		return err
	}
	t, err := newTrial(ctx, h, seed)
	if err != nil {
		return err
	}
	defer t.end()
	if err := t.endure(ctx, t.madeReadOnly()); err != nil {
		return err
	}
	return errors.Join(t.startsDenied(ctx), t.tally.verdict())
}

func (w *workshop) tryClock(ctx context.Context) error {
	dir, err := w.folder()
	if err != nil {
		return err
	}
	h, err := settle(ctx, w.binary, dir, people)
	if err != nil {
		return err
	}
	h.composed = true
	t := newTally()
	return errors.Join(clockJumps(ctx, h, t), t.verdict())
}
