package program

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/signal"
	"syscall"
	"time"

	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/system"
	"gatehouse/application/roster"
	"gatehouse/application/upkeep"
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/domain"
)

// drainTime is how long requests that are being answered get at the end.
const drainTime = 10 * time.Second

// serve runs the service until ctx is over, and then lets it finish.
func serve(ctx context.Context, s *config.Settings, p Process) error {
	signal.Notify(p.HangUps, syscall.SIGHUP) // also under nohup
	return serveWith(ctx, s, p, func(*url.URL) error { return welcome(ctx, s, p) })
}

// serveWith calls ready once everything is in place but requests.
func serveWith(ctx context.Context, s *config.Settings, p Process, ready func(public *url.URL) error) error {
	limitMemory(p.Getenv)
	log := newLogger(p.Stderr)
	defer func() { _ = log.Sync() }()
	now := system.NewClock()()
	for _, line := range s.Warnings(now) {
		log.Warn(line)
	}
	log.Info("tokens are signed", zap.String("with", s.SigningAlgorithm()), zap.String("who", s.Signers(now)))
	fitConnections(s, log)
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("GATEHOUSE_LISTEN = %q cannot be listened at: %w", s.Listen, err)
	}
	defer func() { _ = listener.Close() }()
	public := s.Public(listener.Addr())
	service, closeService, err := assembleServer(s, public, log)
	if err != nil {
		return err
	}
	defer closeService()
	guard, err := listenGuard(s)
	if err != nil {
		return err
	}
	if guard != nil {
		defer func() { _ = guard.Close() }()
	}
	if err := endRevived(ctx, service.EndRevivedSessions, log); err != nil {
		return err
	}
	if err := ready(public); err != nil {
		return err
	}
	log.Info("listening", zap.Stringer("address", listener.Addr()), zap.Stringer("public_url", public),
		zap.String("version", version()))
	if guard != nil {
		log.Info("the guard is listening", zap.Stringer("address", guard.Addr()))
	}
	defer inBackground(ctx, reloadOn(s, p.HangUps, service.Web, log))()
	defer inBackground(ctx, service.Keeper.Run)()
	if s.Policy.Links.Mail {
		defer inBackground(ctx, service.Sender.Run)()
	}
	return runServer(ctx, service.Web, listener, guard, log)
}

// inBackground runs something until ctx is over or the returned function is called, which
// waits until nothing is being done any more.
func inBackground(ctx context.Context, run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// endRevived does nothing unless the database is, or may be, an older one than this server
// last had.
func endRevived(ctx context.Context, sessions *upkeep.EndRevivedSessions, log *zap.Logger) error {
	found, err := sessions.Execute(ctx, upkeep.EndRevivedSessionsCommand{})
	if err != nil {
		return fmt.Errorf("the database is, or may be, older than what this server last had, and its sessions cannot be ended: %w", err)
	}
	switch {
	case found.RolledBack && found.Lost == (domain.AuditMark{}):
		log.Error("audit.head is missing or unreadable, or is not signed with audit.key, so the database may be an older one than this server last had: everybody has to sign in again",
			zap.Int("sessions_ended", found.Ended))
	case found.RolledBack:
		log.Warn("the database is older than what this server last had: everybody has to sign in again",
			zap.Int64("newest_event_lost", found.Lost.Sequence), zap.Int("sessions_ended", found.Ended))
	}
	return nil
}

// runServer answers until ctx is over, then stops taking connections and waits for the
// requests that are under way. guard is nil if there is no guard.
func runServer(ctx context.Context, server *fiberhttp.Server, listener, guard net.Listener, log *zap.Logger) error {
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	if guard != nil {
		go func() { failed <- server.ServeGuard(guard) }()
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("stopping with requests under way: %w", err)
	}
	log.Info("stopped")
	return nil
}

// welcome tells whoever starts an empty service how to go on.
func welcome(ctx context.Context, s *config.Settings, p Process) error {
	operator, closeOperator, err := assembleOperator(s, false, io.Discard)
	if err != nil {
		return err
	}
	defer closeOperator()
	staff, err := operator.ListStaff.Execute(ctx, roster.ListStaffQuery{Client: domain.Client{Actor: domain.Service()}, Limit: 1})
	if err != nil || len(staff) > 0 {
		return err
	}
	_, _ = fmt.Fprintf(p.Stdout, `There is no staff yet. Bring them in from Django with: %[1]s staff import staff.json
Or add one person with: %[1]s staff add EMAIL --first-name NAME --last-name NAME, which makes a link for the first password
`, programName(s)) // who cannot be told is no reason to stop
	return nil
}

// programName is how to call the program for the same data.
func programName(s *config.Settings) string {
	if s.DataDir == "./data" {
		return "gatehouse"
	}
	return "GATEHOUSE_DATA_DIR=" + s.DataDir + " gatehouse"
}
