package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/adapters/system"
	"gatehouse/domain"
	"gatehouse/ports"
)

// composedMode is the argument with which this program is a server: of the same adapters
// as the real one, with a clock that can be put forward and back, and with a fault if a
// control asks for it.
const composedMode = "composed-server"

// serveComposed serves the data directory until it is killed. Each line of standard input
// is how far the clock is to be off from now on, and is repeated on standard output.
func serveComposed(data, broken string) error {
	log, err := zap.NewProduction()
	if err != nil {
		return err
	}
	key, err := jwtsigner.SecretKey(domain.NewSecret(sharedSecret))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	store, err := storeBrokenBy(broken)
	if err != nil {
		return err
	}
	var clock movedClock
	server, closeServer, err := newServer(
		sqlite.Config{Dir: data, Exclusive: true},
		jwtsigner.Config{Signing: key},
		passwords.Config{},
		subjecthmac.Config{Key: domain.NewSecret(sharedSecret)},
		domain.NewDeviceKey(domain.NewSecret(sharedSecret)),
		domain.NewOutboxKey(domain.NewSecret(sharedSecret)),
		fiberhttp.Config{
			PublicURL: &url.URL{Scheme: "http", Host: listener.Addr().String()},
			Cookies:   fiberhttp.CookieConfig{AccessName: "access_token", RefreshName: "refresh_token", DeviceName: "device"},
		},
		composedPolicy(), log, clock.now, store,
	)
	if err != nil {
		return err
	}
	defer closeServer()
	go clock.obey(os.Stdin, os.Stdout)
	log.Info("listening", zap.Stringer("address", listener.Addr()))
	return server.Serve(listener)
}

// composedPolicy is what the real program gets by its environment.
func composedPolicy() domain.Policy {
	return domain.Policy{
		AccessLifetime:       15 * time.Minute,
		SessionLifetime:      30 * 24 * time.Hour,
		Rotation:             domain.RotateAlways,
		RefreshGrace:         5 * time.Minute,
		RenewAccess:          true,
		MaxSessions:          1000,
		EnforcePasswordReset: true,
		PasswordMinLength:    15,
		TimeZone:             time.UTC,
	}
}

// A movedClock is the machine's clock, and so much off. It may be used concurrently.
type movedClock struct{ off atomic.Int64 }

func (c *movedClock) now() time.Time {
	var real ports.Clock = system.NewClock()
	return real().Add(time.Duration(c.off.Load()))
}

// obey takes one duration a line.
func (c *movedClock) obey(in io.Reader, out io.Writer) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		off, err := time.ParseDuration(lines.Text())
		if err != nil {
			return
		}
		c.off.Store(int64(off))
		_, _ = fmt.Fprintln(out, lines.Text())
	}
}
