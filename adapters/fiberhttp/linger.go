package fiberhttp

import (
	"io"
	"net"
	"time"

	"gatehouse/ports"
)

// How much of what a client is still sending is read away before its connection is closed,
// and for how long.
const (
	lingerBytes = 4 << 20
	lingerTime  = time.Second
)

// A lingeringConn makes sure that an answer arrives although the request was not read to
// its end (it was too large, say): closing a connection with unread data resets it, and the
// client would lose the answer that it has not read yet.
type lingeringConn struct {
	*net.TCPConn
	clock  ports.Clock
	linger bool   // set before Close by the goroutine that closes
	gone   func() // called when it is closed, perhaps twice
}

// Close implements [net.Conn].
func (c *lingeringConn) Close() error {
	defer c.gone()
	if c.linger && c.CloseWrite() == nil {
		_ = c.SetReadDeadline(c.clock().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c.TCPConn, lingerBytes)
	}
	return c.TCPConn.Close()
}
