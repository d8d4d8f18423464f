package keyfile

import (
	"crypto/hkdf"
	"crypto/sha256"

	"gatehouse/domain"
)

// AuditKeyFile is the name of the file that holds the secret of the audit trail.
const AuditKeyFile = "audit.key"

const auditKeySize = 32 // bytes

// AuditKeys derives from that secret in the folder dir (HKDF, RFC 5869) the key that seals
// the audit trail and the one that hides unknown addresses in it. It makes the secret if
// there is none; see [Secret].
func AuditKeys(dir string) (sealing domain.AuditKey, subjects domain.Secret, err error) {
	secret, err := Secret(dir, AuditKeyFile, auditKeySize)
	if err != nil {
		return domain.AuditKey{}, domain.Secret{}, err
	}
	seals, err := derive(secret, "gatehouse audit seals")
	if err != nil {
		return domain.AuditKey{}, domain.Secret{}, err
	}
	subjects, err = derive(secret, "gatehouse audit subjects")
	return domain.NewAuditKey(seals), subjects, err
}

func derive(secret domain.Secret, purpose string) (domain.Secret, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, purpose, auditKeySize)
	return domain.NewSecret(string(key)), err
}
