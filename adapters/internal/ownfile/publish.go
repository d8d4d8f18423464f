package ownfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Publish gives the finished file at draft the name path, in the same folder, at once and unless something
// has that name. The draft's own name is gone afterwards, also after an error. Whether the new name outlasts
// a power cut is the caller's business: sync the folder.
//
// Some file systems have no hard links: FAT, and some of networks and phones. There Publish locks a file
// beside path, so that one of several of our processes wins. A program that does not take the lock could
// lose its file of that name, so the folder must be the account's alone.
//
// Errors: [fs.ErrExist] if the name is taken, by a link that leads nowhere too.
func Publish(draft, path string) error { return publish(draft, path, os.Link) }

func publish(draft, path string, link func(draft, path string) error) error {
	defer os.Remove(draft)
	err := link(draft, path)
	if !hasNoLinks(err) {
		return err
	}
	held, err := lock(path + ".publishing")
	if err != nil {
		return err
	}
	defer held.Close() // which unlocks it
	defer os.Remove(held.Name())
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fs.ErrExist)
	}
	return os.Rename(draft, path)
}

// hasNoLinks reports whether link(2) says that the file system has none. Some say EPERM.
func hasNoLinks(err error) bool {
	for _, code := range []error{syscall.EPERM, syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.ENOSYS} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}

// lock makes the file and waits for its lock. Each holder removes the file at the end, so the file that was
// waited for may be gone: then lock makes another. It does not lock the folder, because a store does.
func lock(name string) (*os.File, error) {
	for {
		file, err := Open(name, os.O_RDWR|os.O_CREATE)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		held, err1 := file.Stat()
		named, err2 := os.Lstat(name)
		if errors.Join(err, err1, err2) == nil && os.SameFile(held, named) {
			return file, nil
		}
		_ = file.Close()
		if err != nil && err != syscall.EINTR {
			return nil, err
		}
	}
}
