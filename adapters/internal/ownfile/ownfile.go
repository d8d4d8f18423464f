package ownfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// ErrNotRegular is wrapped where something else than a regular file is found. The text names
// the path, what is there, and what to do.
var ErrNotRegular = errors.New("not a regular file")

// Open opens the regular file at path. The flags are those of [os.OpenFile]; what they make
// is for this account alone (mode 0600).
//
// Errors: [ErrNotRegular], and those of [os.OpenFile].
func Open(path string, flags int) (*os.File, error) {
	// Opening some devices does something already, so they are not even opened.
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, CheckRegular(path, info)
	}
	file, err := os.OpenFile(path, flags|syscall.O_NOFOLLOW|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0o600)
	switch {
	case errors.Is(err, syscall.ELOOP):
		return nil, notRegular(path, fs.ModeSymlink)
	case err != nil:
		return nil, err
	}
	return regular(file)
}

// Create makes a new file at path, for this account alone (mode 0600), and opens it to read
// and write.
//
// Errors: [fs.ErrExist] if anything is there, a link that leads nowhere too; and those of
// [os.OpenFile].
func Create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0o600)
}

// CheckRegular returns [ErrNotRegular] unless the info, of path, is that of a regular file. It
// is for files that somebody else opens.
func CheckRegular(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return notRegular(path, info.Mode())
}

// Owner is the user id of the account that a file belongs to.
func Owner(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// Names is how many names a file has: more than one if it has hard links.
func Names(info fs.FileInfo) uint64 { return uint64(info.Sys().(*syscall.Stat_t).Nlink) }

// regular closes the file again if it is something else.
func regular(file *os.File) (*os.File, error) {
	info, err := file.Stat()
	if err == nil {
		err = CheckRegular(file.Name(), info)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func notRegular(path string, mode fs.FileMode) error {
	return fmt.Errorf("%s is %s, and %w: name the file itself, or move away what is there", path, kind(mode), ErrNotRegular)
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something special"
}
