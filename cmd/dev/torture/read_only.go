package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gatehouse/adapters/sqlite"
	"gatehouse/cmd/internal/running"
)

// somebody is an account that is not root's: for root, modes do not count.
const somebody = 65534

// settleUnprivileged moves into a house where the modes of files count.
func settleUnprivileged(ctx context.Context, binary, dir string) (*house, error) {
	home := filepath.Join(dir, "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		return nil, err
	}
	h := &house{binary: binary, data: filepath.Join(home, "data")}
	if os.Getuid() == 0 {
		h.account = &syscall.Credential{Uid: somebody, Gid: somebody}
		if err := os.Chown(home, somebody, somebody); err != nil {
			return nil, err
		}
	}
	return h, h.importPeople(ctx, people)
}

// madeReadOnly takes the right to write from the folder and everything in it.
func (t *trial) madeReadOnly() fault {
	return fault{
		name:  "files made read-only",
		hold:  2 * longestLoad,
		begin: func() error { return chmodAll(t.house.data, 0o500, 0o400) },
		end:   func() error { return chmodAll(t.house.data, 0o700, 0o600) },
	}
}

func chmodAll(folder string, folderMode, fileMode os.FileMode) error {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		err = errors.Join(err, os.Chmod(filepath.Join(folder, e.Name()), fileMode))
	}
	return errors.Join(err, os.Chmod(folder, folderMode))
}

// A denial is what a start must refuse, and in which words.
type denial struct {
	path        string // below the data directory; "" is the directory itself
	mode, right os.FileMode
	kill        bool // rather than stop: leaves the write-ahead log behind
	sentence    string
}

// denials are the ways in which a start can find something read-only.
func denials() []denial {
	return []denial{
		{sqlite.FileName, 0o400, 0o600, false, "is read-only: run chmod 600"},
		{"", 0o500, 0o700, false, "cannot be written to"},
		{sqlite.FileName + "-wal", 0o400, 0o600, true, "cannot be written to: check who owns it"},
	}
}

// startsDenied has the server start where something is read-only: it says what to do and
// ends, and starts again when that has been done.
func (t *trial) startsDenied(ctx context.Context) error {
	for _, d := range denials() {
		if d.kill {
			t.kill()
		} else {
			t.stop()
		}
		if err := t.startDenied(ctx, d); err != nil {
			return err
		}
		if err := t.start(ctx); err != nil {
			return fmt.Errorf("after %q could be written to again: %w", d.path, err)
		}
		if err := t.confirm(ctx, false); err != nil {
			return err
		}
		if err := t.check(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (t *trial) startDenied(ctx context.Context, d denial) error {
	path := filepath.Join(t.house.data, d.path)
	if err := os.Chmod(path, d.mode); err != nil {
		return err
	}
	s, err := t.house.start(ctx)
	if err == nil {
		s.Kill()
	}
	t.tally.check(errors.Is(err, running.ErrEnded) && strings.Contains(err.Error(), d.sentence),
		"a start with %q of mode %o: %v, where %q is due", d.path, d.mode, err, d.sentence)
	return os.Chmod(path, d.right)
}
