package breached

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Config says where the copy is. No path: there is none, and no password is known to be
// breached.
type Config struct {
	Path string
}

// Passwords is a [ports.BreachedPasswords].
type Passwords struct {
	source source
}

var _ ports.BreachedPasswords = (*Passwords)(nil)

// A source is one form of the copy. The hash is 40 upper-case hex digits.
type source interface {
	contains(hash string) (bool, error)
	// probe reads parts of the copy, and complains if one is not as it should be.
	probe() error
	close() error
}

// New opens the copy. The returned function closes it. Errors are those of [Check].
func New(config Config) (*Passwords, func(), error) {
	if config.Path == "" {
		return &Passwords{none{}}, func() {}, nil
	}
	found, err := open(config.Path)
	if err != nil {
		return nil, nil, err
	}
	return &Passwords{found}, func() { _ = found.close() }, nil
}

// Check opens the copy and reads samples of it, and says what is wrong with it, without the
// path. The error is for the operator.
func Check(path string) error {
	found, err := open(path)
	if err != nil {
		return err
	}
	return errors.Join(found.probe(), found.close())
}

func open(path string) (source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cause(err)
	}
	switch {
	case info.IsDir():
		return openFolder(path)
	case info.Mode().IsRegular():
		return openSorted(path)
	}
	return nil, errors.New("it is neither a file nor a folder")
}

// Breached implements [ports.BreachedPasswords].
func (p *Passwords) Breached(ctx context.Context, password domain.Password) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	sum := sha1.Sum([]byte(password.Reveal())) // the form of the copy; it protects nothing
	found, err := p.source.contains(strings.ToUpper(hex.EncodeToString(sum[:])))
	if err != nil {
		return false, fmt.Errorf("%w: %w", domain.ErrBreachesUnknown, err)
	}
	return found, nil
}

type none struct{}

func (none) contains(string) (bool, error) { return false, nil }
func (none) probe() error                  { return nil }
func (none) close() error                  { return nil }

// cause leaves the path out: in a folder it would tell a part of the hash.
func cause(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}
