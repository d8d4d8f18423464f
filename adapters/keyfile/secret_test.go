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

func mustSecret(t *testing.T, dir, name string, size int) domain.Secret {
	t.Helper()
	secret, err := keyfile.Secret(dir, name, size)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestSecretIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	first, again, other := mustSecret(t, dir, "a", 32), mustSecret(t, dir, "a", 32), mustSecret(t, dir, "b", 32)
	if len(first.Reveal()) != 32 {
		t.Errorf("the secret has %d bytes, want 32", len(first.Reveal()))
	}
	if !first.Equal(again) || first.Equal(other) {
		t.Error("want one secret for one name, and another for another")
	}
	path := filepath.Join(dir, "a")
	if got, want := content(t, path), hex.EncodeToString([]byte(first.Reveal()))+"\n"; got != want {
		t.Error("the file does not hold the secret in hex")
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file has mode %v, want -rw-------", info.Mode())
	}
}

func TestSecretReadsHex(t *testing.T) {
	for name, text := range map[string]string{
		"as written":       "000102030405060708090a0b0c0d0eff\n",
		"no line end":      "000102030405060708090a0b0c0d0eff",
		"upper case, CRLF": "000102030405060708090A0B0C0D0EFF\r\n",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "a"), text, 0o600)
		if got := mustSecret(t, dir, "a", 16).Reveal(); got != "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\xff" {
			t.Errorf("%s: got %x", name, got)
		}
	}
}

func TestSecretRefusesADamagedFile(t *testing.T) {
	good := strings.Repeat("ab", 32)
	for name, text := range map[string]string{
		"one digit short": good[1:], "one byte short": good[2:], "one byte long": good + "ab",
		"no hex": "g" + good[1:], "white space": "\n", "two lines": good + "\n" + good,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a")
			write(t, path, text, 0o600)
			secret, err := keyfile.Secret(dir, "a", 32)
			refuses(t, err, path, "damaged", "restore it from a backup")
			if strings.Contains(err.Error(), "abab") || !secret.Empty() {
				t.Error("the refusal gives the secret away")
			}
			if content(t, path) != text {
				t.Error("the damaged file was replaced")
			}
		})
	}
}

func TestSecretPassesRefusalsOn(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), strings.Repeat("ab", 32), 0o644)
	_, err := keyfile.Secret(dir, "a", 32)
	refuses(t, err, "run chmod 600")
}

func TestShortSecret(t *testing.T) {
	dir := t.TempDir()
	for _, size := range []int{15, 0, -1} {
		if _, err := keyfile.Secret(dir, "a", size); err == nil {
			t.Errorf("%d bytes: no error", size)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "a")); err == nil {
		t.Error("a file was made")
	}
	if mustSecret(t, dir, "a", 16).Empty() {
		t.Error("16 bytes: empty")
	}
}

func TestRacingSecretsAgree(t *testing.T) {
	dir := t.TempDir()
	var got [20]domain.Secret
	race(len(got), func(i int) (err error) {
		got[i], err = keyfile.Secret(dir, "a", 32)
		return err
	}, t)
	for i := range got {
		if !got[i].Equal(got[0]) || got[i].Empty() {
			t.Errorf("start %d has another secret than start 0", i)
		}
	}
}
