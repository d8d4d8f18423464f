package memory_test

import (
	"testing"

	"gatehouse/adapters/memory"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestStore(t *testing.T) {
	porttest.Store(t, func(*testing.T) ports.Store { return &memory.Store{AuditKey: porttest.AuditKey()} })
}

func TestUpkeep(t *testing.T) {
	key := domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))
	porttest.Upkeep(t, key, func(*testing.T) porttest.KeptStore { return &memory.Store{AuditKey: key} })
}

func TestLostHistory(t *testing.T) {
	var store memory.Store
	store.Lose(domain.AuditMark{Sequence: 7})
	porttest.LostHistory(t, &store)
}

func TestTokens(t *testing.T) {
	var tokens memory.Tokens
	porttest.Tokens(t, &tokens, &tokens)
}

func TestHasher(t *testing.T) { porttest.Passwords(t, &memory.Hasher{}) }

func TestSubjects(t *testing.T) { porttest.Subjects(t, memory.Subjects{}) }
