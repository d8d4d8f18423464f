package zaplog_test

import (
	"errors"
	"net/netip"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"gatehouse/adapters/memory"
	"gatehouse/adapters/zaplog"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestStore(t *testing.T) {
	porttest.Store(t, func(*testing.T) ports.Store {
		return zaplog.New(&memory.Store{AuditKey: porttest.AuditKey()}, zap.NewNop())
	})
}

func TestEventsAreLoggedOnceTheyAreDurable(t *testing.T) {
	core, logged := observer.New(zapcore.InfoLevel)
	store := zaplog.New(&memory.Store{}, zap.New(core))
	good := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), porttest.Noon).Decided(nil)
	bad := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), porttest.Noon).Decided(domain.ErrTokenExpired)
	bad.PreviousAddress = netip.MustParseAddr("192.0.2.9")
	bad.Client.Actor = domain.Actor{Kind: domain.ActorOffice, Staff: "una", Name: "mia"}

	if err := store.Update(t.Context(), func(r ports.Records) error {
		return errors.Join(r.Audit().Append(good), r.Audit().Append(bad))
	}); err != nil {
		t.Fatal(err)
	}
	entries := logged.TakeAll()
	if len(entries) != 2 || entries[0].Level != zapcore.InfoLevel || entries[1].Level != zapcore.WarnLevel {
		t.Fatalf("logged %v: want one line of information and one warning", entries)
	}
	got := entries[1].ContextMap()
	for key, want := range map[string]string{
		"kind": "sign_in", "outcome": "failure", "reason": "token_expired",
		"client": "192.0.2.7", "user_agent": "test/1.0", "request_id": "request-1",
		"previous_address": "192.0.2.9", "actor": "office", "actor_id": "una", "operator": "mia",
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %s", key, got[key], want)
		}
	}

	undone := errors.New("undone")
	err := store.Update(t.Context(), func(r ports.Records) error { return errors.Join(r.Audit().Append(good), undone) })
	if !errors.Is(err, undone) {
		t.Errorf("Update returns %v", err)
	}
	if n := logged.Len(); n != 0 {
		t.Errorf("%d lines for a change that was undone", n)
	}
}
