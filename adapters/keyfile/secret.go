package keyfile

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"path/filepath"

	"gatehouse/domain"
)

// minSecretSize is as many random bytes as nobody can guess.
const minSecretSize = 16

// Secret returns the secret of size random bytes, 16 at least, in the file name in the
// folder dir, and makes it if there is none. The file holds the bytes in hex; the
// [domain.Secret] reveals the bytes themselves.
func Secret(dir, name string, size int) (domain.Secret, error) {
	if size < minSecretSize {
		return domain.Secret{}, errors.New("a secret of less than 16 bytes could be guessed")
	}
	path := filepath.Join(dir, name)
	content, _, err := LoadOrCreate(path, func() ([]byte, error) { return randomHex(size) })
	if err != nil {
		return domain.Secret{}, err
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(content)))
	if err != nil || len(secret) != size {
		return domain.Secret{}, unusable(path, "damaged")
	}
	return domain.NewSecret(string(secret)), nil
}

func randomHex(size int) ([]byte, error) {
	random := make([]byte, size)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	return append(hex.AppendEncode(nil, random), '\n'), nil
}
