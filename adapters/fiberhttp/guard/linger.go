package guard

import (
	"io"
	"net"
	"time"

	"gatehouse/ports"
)

const (
	// lingerBytes is how much of a request is read and thrown away before its connection is closed.
	lingerBytes = 4 << 20
	// lingerTime is how long that takes at most.
	lingerTime = time.Second
)

// A lingeringConn is an open connection. [linger] makes its Close slower.
type lingeringConn struct {
	*net.TCPConn
	clock   ports.Clock
	lingers bool   // set before Close, by the goroutine that closes
	gone    func() // called by every Close
}

// Linger lets the client take the last answer on conn, for which it has the time within. It is
// for requests that were not read to their end, such as one that is too large. When a connection
// with unread data is closed, the system resets it and the client loses the answer. So Close
// reads the rest first, at most 4 MiB and for at most a second. A connection of another type than
// ours is left alone.
func Linger(conn net.Conn, within time.Duration) {
	if c, ok := conn.(*lingeringConn); ok {
		c.lingers = true
		_ = c.SetWriteDeadline(c.clock().Add(within))
	}
}

// Close implements [net.Conn].
func (c *lingeringConn) Close() error {
	defer c.gone()
	if c.lingers && c.CloseWrite() == nil {
		_ = c.SetReadDeadline(c.clock().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
	}
	return c.TCPConn.Close()
}
