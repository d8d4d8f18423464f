package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/cmd/internal/running"
)

// lockMode is the argument with which this program holds the lock of a database until its
// standard input ends.
const lockMode = "hold-lock"

// saysLocked is what it prints when it has the lock.
const saysLocked = "locked\n"

func holdLock(path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=rw&_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	fmt.Print(saysLocked)
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, tx.Rollback())
}

// foreignLock is another process that writes to the database, and takes its time.
func (t *trial) foreignLock(ctx context.Context, hold time.Duration) fault {
	var holder *running.Process
	var release io.Closer
	return fault{
		name: "a foreign lock", hold: hold, refusals: visitorsInAll + 1, blocks: true,
		begin: func() (err error) {
			holder, release, err = startHolder(ctx, filepath.Join(t.house.data, sqlite.FileName))
			return err
		},
		end: func() error { return errors.Join(release.Close(), holder.Wait()) },
	}
}

func startHolder(ctx context.Context, path string) (*running.Process, io.Closer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	command := exec.CommandContext(ctx, self, lockMode, path)
	in, err := command.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	holder, err := running.Start(command)
	if err != nil {
		return nil, nil, err
	}
	if err := holder.Await(holder.Stdout, func(text string) bool { return text == saysLocked }); err != nil {
		return nil, nil, errors.Join(err, in.Close(), holder.Wait())
	}
	return holder, in, nil
}
