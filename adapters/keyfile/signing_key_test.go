package keyfile_test

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/keyfile"
)

var files = map[string]string{"ES256": "signing-key-es256.pem", "EdDSA": "signing-key-eddsa.pem"}

type equaler interface{ Equal(crypto.PrivateKey) bool }

func mustSigningKey(t *testing.T, dir, alg string) crypto.Signer {
	t.Helper()
	signer, err := keyfile.SigningKey(dir, alg)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func inPEM(t *testing.T, private any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestSigningKeyIsMadeOnce(t *testing.T) {
	for alg, file := range files {
		t.Run(alg, func(t *testing.T) {
			dir := t.TempDir()
			first, again, other := mustSigningKey(t, dir, alg), mustSigningKey(t, dir, alg), mustSigningKey(t, t.TempDir(), alg)
			if !first.(equaler).Equal(again) || first.(equaler).Equal(other) {
				t.Error("want one key for one folder, and another for another")
			}
			if got := content(t, filepath.Join(dir, file)); got != inPEM(t, first) {
				t.Error("the file does not hold the key in PKCS#8")
			}
			if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Mode() != 0o600 {
				t.Errorf("the file has mode %v, want -rw-------", info.Mode())
			}
		})
	}
}

func TestSigningKeyHasTheRightType(t *testing.T) {
	dir := t.TempDir() // one folder for both
	if key, ok := mustSigningKey(t, dir, "ES256").(*ecdsa.PrivateKey); !ok || key.Curve != elliptic.P256() {
		t.Error("the ES256 key is not on P-256")
	}
	if _, ok := mustSigningKey(t, dir, "EdDSA").(ed25519.PrivateKey); !ok {
		t.Error("the EdDSA key is not an Ed25519 key")
	}
}

func TestSigningKeyRefusesADamagedFile(t *testing.T) {
	good := inPEM(t, mustSigningKey(t, t.TempDir(), "ES256"))
	for name, text := range map[string]string{
		"no PEM":            "there was a key here",
		"cut off":           good[:len(good)/2],
		"other block":       strings.ReplaceAll(good, "PRIVATE KEY", "EC PRIVATE KEY"),
		"encrypted":         strings.ReplaceAll(good, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
		"two keys":          good + good,
		"something after":   good + "x",
		"garbage in base64": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		for alg, file := range files {
			t.Run(name+"/"+alg, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, file)
				write(t, path, text, 0o600)
				signer, err := keyfile.SigningKey(dir, alg)
				refuses(t, err, path, "damaged", "restore it from a backup", "remove it")
				if signer != nil || content(t, path) != text {
					t.Error("the damaged key was used or replaced")
				}
			})
		}
	}
}

func TestSigningKeyRefusesAnotherAlgorithm(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	mustDo(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	mustDo(t, err)
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	mustDo(t, err)
	es256, eddsa := mustSigningKey(t, t.TempDir(), "ES256"), mustSigningKey(t, t.TempDir(), "EdDSA")
	for name, test := range map[string]struct {
		alg     string
		private any
	}{
		"Ed25519 for ES256": {"ES256", eddsa}, "P-384 for ES256": {"ES256", p384}, "RSA for ES256": {"ES256", rsaKey},
		"P-256 for EdDSA": {"EdDSA", es256}, "X25519 for EdDSA": {"EdDSA", x25519}, "RSA for EdDSA": {"EdDSA", rsaKey},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, files[test.alg])
			text := inPEM(t, test.private)
			write(t, path, text, 0o600)
			signer, err := keyfile.SigningKey(dir, test.alg)
			refuses(t, err, path, "no key for "+test.alg, "restore it from a backup")
			if signer != nil || content(t, path) != text {
				t.Error("the wrong key was used or replaced")
			}
		})
	}
}

func TestSigningKeyPassesRefusalsOn(t *testing.T) {
	dir := t.TempDir()
	mustSigningKey(t, dir, "ES256")
	mustDo(t, os.Chmod(filepath.Join(dir, files["ES256"]), 0o640))
	_, err := keyfile.SigningKey(dir, "ES256")
	refuses(t, err, "run chmod 600")
}

func TestNoSigningKeyForOtherAlgorithms(t *testing.T) {
	for _, alg := range []string{"", "HS256", "RS256", "es256", "EdDSA ", "none"} {
		dir := t.TempDir()
		if signer, err := keyfile.SigningKey(dir, alg); err == nil || signer != nil {
			t.Errorf("%q: %v", alg, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
			t.Errorf("%q: the folder holds %v", alg, entries)
		}
	}
}

func TestRacingSigningKeysAgree(t *testing.T) {
	dir := t.TempDir()
	var got [20]crypto.Signer
	race(len(got), func(i int) (err error) {
		got[i], err = keyfile.SigningKey(dir, "ES256")
		return err
	}, t)
	for i := range got {
		if !got[i].(equaler).Equal(got[0]) {
			t.Errorf("start %d has another key than start 0", i)
		}
	}
}
