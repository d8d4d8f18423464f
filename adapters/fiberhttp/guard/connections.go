package guard

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
	// mostTurnedAway is how many connections beyond the limit are told so at the same time;
	// more are closed without a word.
	mostTurnedAway = 64
	// acceptPause is how long nothing is accepted when the system has no room for another
	// connection.
	acceptPause = 50 * time.Millisecond
)

// A connections listener keeps the number of open connections within a limit. One beyond it
// is answered 503 and closed, so that a flood costs neither memory nor the service. There
// is no limit by address: a whole shop, or all of it behind a proxy, may have one.
type connections struct {
	net.Listener
	clock  ports.Clock
	most   int64
	open   atomic.Int64
	turned chan struct{} // has room for those that are being told
	full   func() []byte // what they are told, as it goes over the wire
	beyond *Complaint
	system *Complaint
}

// NewListener keeps at most so many connections of inner open. full makes the answer for those
// beyond that: all of it, with status line and headers.
func NewListener(inner net.Listener, most int, full func() []byte, clock ports.Clock, log *zap.Logger) net.Listener {
	return &connections{
		Listener: inner, clock: clock, most: int64(most),
		turned: make(chan struct{}, mostTurnedAway), full: full,
		beyond: NewComplaint(log, clock), system: NewComplaint(log, clock),
	}
}

// Accept implements [net.Listener]. It does not give up because the system has run out of
// file descriptors or memory: both come back when connections are closed.
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
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, nil
		}
		if l.open.Add(1) <= l.most {
			return &lingeringConn{TCPConn: tcp, clock: l.clock, gone: sync.OnceFunc(l.left)}, nil
		}
		l.left()
		l.turnAway(tcp)
	}
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

// turnAway never waits for the client: others are waiting to be accepted.
func (l *connections) turnAway(tcp *net.TCPConn) {
	l.beyond.Add("too many connections", zap.Int64("most", l.most))
	select {
	case l.turned <- struct{}{}:
		go func() {
			defer func() { <-l.turned }()
			conn := &lingeringConn{TCPConn: tcp, clock: l.clock, gone: func() {}}
			Linger(conn, lingerTime)
			_, _ = conn.Write(l.full())
			_ = conn.Close()
		}()
	default:
		_ = tcp.SetLinger(0)
		_ = tcp.Close()
	}
}

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
