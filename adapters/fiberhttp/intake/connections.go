// Package intake protects the service from clients that open too many connections, send requests
// whose end is unclear, or go on after a refusal.
//
//   - connections.go: [NewListener] limits open connections, [Linger] gets an answer to a client
//     that is still sending;
//   - framing.go: [CheckFraming] refuses request smuggling;
//   - flood.go: a [Pace] slows down refusals, and a [Complaint] keeps a flood out of the log.
package intake

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.uber.org/zap"

	"gatehouse/ports"
)

const (
	// mostTurnedAway is how many connections beyond the limit get an answer at the same time. Others
	// are closed without one.
	mostTurnedAway = 64
	// acceptPause is how long Accept waits when the system is out of file descriptors or memory.
	acceptPause = 50 * time.Millisecond
)

// connections is a listener that limits the number of open connections. It answers one beyond the
// limit and closes it, so that a flood takes neither the memory nor the service. There is no limit by
// address: a whole shop may share one, and behind a proxy everybody does.
type connections struct {
	net.Listener
	clock  ports.Clock
	most   int64
	open   atomic.Int64
	turned chan struct{} // holds one for each connection that is being turned away
	full   func() []byte // makes the answer to those
	beyond *Complaint
	system *Complaint
}

// NewListener limits the open connections of inner to most. It writes what full returns to each
// connection beyond that, which must be a whole HTTP response with status line and headers. Only
// connections of TCP and of Unix sockets count.
func NewListener(inner net.Listener, most int, full func() []byte, clock ports.Clock, log *zap.Logger) net.Listener {
	return &connections{
		Listener: inner, clock: clock, most: int64(most),
		turned: make(chan struct{}, mostTurnedAway), full: full,
		beyond: NewComplaint(log, clock), system: NewComplaint(log, clock),
	}
}

// Accept implements [net.Listener]. It goes on when the system is out of file descriptors or
// memory: both come back when connections are closed.
func (l *connections) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		switch {
		case noRoom(err):
			l.system.Add("connections cannot be accepted", zap.Error(err))
			time.Sleep(acceptPause)
			continue
		case err != nil:
			return nil, err
		}
		ours, ok := streamOf(conn)
		if !ok {
			return conn, nil
		}
		if l.open.Add(1) <= l.most {
			return &lingeringConn{stream: ours, clock: l.clock, gone: sync.OnceFunc(l.left)}, nil
		}
		l.left()
		l.turnAway(ours)
	}
}

// A stream is a connection whose end of writing the other side can see.
type stream interface {
	net.Conn
	CloseWrite() error
}

func streamOf(conn net.Conn) (stream, bool) {
	switch c := conn.(type) {
	case *net.TCPConn:
		return c, true
	case *net.UnixConn:
		return c, true
	}
	return nil, false
}

func (l *connections) left() { l.open.Add(-1) }

func noRoom(err error) bool {
	for _, lack := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, lack) {
			return true
		}
	}
	return false
}

// turnAway answers a connection beyond the limit and closes it. It does not wait for the client,
// because others are waiting to be accepted.
func (l *connections) turnAway(one stream) {
	l.beyond.Add("too many connections", zap.Int64("most", l.most))
	select {
	case l.turned <- struct{}{}:
		go func() {
			defer func() { <-l.turned }()
			conn := &lingeringConn{stream: one, clock: l.clock, gone: func() {}}
			Linger(conn, lingerTime)
			_, _ = conn.Write(l.full())
			_ = conn.Close()
		}()
	default:
		if tcp, ok := one.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = one.Close()
	}
}

const (
	// lingerBytes is how much of a request is read and thrown away before its connection is closed.
	lingerBytes = 4 << 20
	// lingerTime is how long that takes at most.
	lingerTime = time.Second
)

// A lingeringConn is an open connection. [Linger] makes its Close slower.
type lingeringConn struct {
	stream
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
		_, _ = io.CopyN(io.Discard, c.stream, lingerBytes)
	}
	return c.stream.Close()
}
