package program

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"

	"gatehouse/cmd/gatehouse/internal/config"
)

// socketMode lets the service's account and its group ask: the proxy's account must be in that group.
const socketMode = 0o660

// listenGuard listens where reverse proxies ask. It returns nil if the guard is not configured. A socket is
// removed when its listener is closed.
//
// A process of root must have become the service's account before: the socket is then the account's, which
// can remove it, and root changes no file in a folder where the account could have put a link.
func listenGuard(s *config.Settings) (net.Listener, error) {
	network, address := s.Guard()
	if network == "" {
		return nil, nil
	}
	if network == "unix" {
		if err := removeStaleSocket(address); err != nil {
			return nil, fmt.Errorf("GATEHOUSE_GUARD_LISTEN: %w", err)
		}
	}
	listener, err := net.Listen(network, address)
	if err == nil && network == "unix" {
		err = os.Chmod(address, socketMode)
	}
	if err != nil {
		return nil, fmt.Errorf("GATEHOUSE_GUARD_LISTEN = %q cannot be listened at: %w", address, err)
	}
	return listener, nil
}

// removeStaleSocket removes a socket that a process has left which was killed. It removes nothing else, and
// no socket at which somebody listens.
func removeStaleSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("%s is there and is no socket: name another path, or remove it", path)
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		_ = conn.Close()
		return fmt.Errorf("another process listens at %s: stop it, or name another path", path)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s may be in use: %w", path, err)
	}
	return os.Remove(path)
}
