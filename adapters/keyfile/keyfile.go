// Package keyfile keeps the service's own keys in files that no other account can open.
//
// A key is made when there is none, and is on the disk under its name, whole, before it is
// used. Processes that start at once agree on one key. A file that is there is never
// written again: if it cannot be used, the error says why and what to do, because a new key
// in its place would end every session, or hide that somebody else has read the old one.
//
// The folder must exist; who may enter it is its maker's business. Its file system must
// have modes; it need not have hard links.
package keyfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/adapters/internal/ownfile"
)

// maxSize is more than any key file has, in bytes.
const maxSize = 64 << 10

// LoadOrCreate returns the content of the file at path. If there is none, it makes one of
// what create returns, with mode 0600, and reports that it did. Of several that do so at
// once, in this process or in others, one wins, and all of them get its content.
//
// It must be a regular file, and no link to one, not empty, at most 64 KiB, and closed to other
// accounts.
func LoadOrCreate(path string, create func() ([]byte, error)) (content []byte, created bool, err error) {
	content, err = read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return content, false, err
	}
	content, err = create()
	if err == nil && (len(content) == 0 || len(content) > maxSize) {
		err = errors.New("it is empty or too large")
	}
	if err != nil {
		return nil, false, fmt.Errorf("making a key for %s: %w", path, err)
	}
	created, err = publish(path, content)
	if err != nil {
		return nil, false, fmt.Errorf("making the key file %s: %w", path, err)
	}
	content, err = read(path)
	return content, created && err == nil, err
}

func read(path string) ([]byte, error) {
	file, err := ownfile.Open(path, os.O_RDONLY)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w: give it to the account that owns the folder (chown)", err)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := check(path, info); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(file, maxSize))
}

// check looks at the file that was opened, so that nobody can change what path leads to
// between the two.
func check(path string, info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.Perm()&0o077 != 0:
		return fmt.Errorf("%s: open to other accounts (mode %04o): run chmod 600 %s", path, mode.Perm(), path)
	case info.Size() == 0:
		return unusable(path, "empty")
	case info.Size() > maxSize:
		return unusable(path, "too large for a key file")
	}
	return nil
}

func unusable(path, why string) error {
	return fmt.Errorf("%s: %s: restore it from a backup, or remove it to have a new key made", path, why)
}

// publish gives content the name path, at once and durably, unless something has that name
// already; it reports whether it did. A rename would not do: it replaces what is there.
func publish(path string, content []byte) (created bool, err error) {
	folder, name := filepath.Split(path)
	temporary, err := os.CreateTemp(filepath.Clean(folder), "."+name+".*") // with mode 0600
	if err != nil {
		return false, err
	}
	if err := writeAndClose(temporary, content); err != nil {
		return false, errors.Join(err, os.Remove(temporary.Name()))
	}
	err = ownfile.Publish(temporary.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return false, err
	}
	// Who comes second must not use a key either that a power cut could take away.
	return err == nil, syncFolder(filepath.Clean(folder))
}

func writeAndClose(file *os.File, content []byte) error {
	_, err := file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
