package keyfile_test

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/keyfile"
	"gatehouse/domain"
)

// What is sealed today must verify in ten years: the derivation never changes. The values
// are of HKDF-SHA-256 without a salt, computed apart from this program.
func TestAuditKeysAreDerivedFromTheFile(t *testing.T) {
	dir := t.TempDir()
	secret := strings.Repeat("2a", 32)
	if err := os.WriteFile(filepath.Join(dir, keyfile.AuditKeyFile), []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := keyfile.ReadAuditKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	const wantSeals, wantSubjects = "bf47873513e3dc7e1a7ebb6f910f5d0893e82afd51b4990e63329b30b13268ab", "07d887e5f2340594337a199ef6ed956219e942cf9ac1913840afc5bdaf32d320"
	if got := hex.EncodeToString([]byte(keys.Subjects.Reveal())); got != wantSubjects {
		t.Errorf("the key of subjects is %s", got)
	}
	key, err := hex.DecodeString(wantSeals)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 1}}
	if !keys.Sealing.Signs(domain.NewAuditKey(domain.NewSecret(string(key))).Sign(checkpoint)) {
		t.Error("the key of seals is another one")
	}
}

func TestAuditKeysOfAnotherFolder(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	first, err := keyfile.ReadAuditKeys(one)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyfile.ReadAuditKeys(one)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := keyfile.ReadAuditKeys(other)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := first.Sealing.Sign(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 1}})
	if !again.Sealing.Signs(checkpoint) || foreign.Sealing.Signs(checkpoint) {
		t.Error("want one key for one folder, and another for another")
	}
}
