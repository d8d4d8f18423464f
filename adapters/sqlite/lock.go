package sqlite

import "time"

// lockPause is how long to wait before the lock is tried again.
const lockPause = time.Millisecond

// waitInTurns has lock, and not SQLite, wait for other processes that write. SQLite tries
// some twenty times in two seconds, and may never hit one of the short times between the
// commits of a process that is busy.
func (c *connection) waitInTurns(patience time.Duration) error {
	c.patience = patience
	return c.exec("PRAGMA busy_timeout = 0")
}

// lock begins to write when no other process does, or gives up.
func (c *connection) lock() (err error) {
	for range max(1, c.patience/lockPause) {
		if _, err = c.run("BEGIN IMMEDIATE"); !isLocked(err) {
			return err
		}
		time.Sleep(lockPause)
	}
	return err
}
