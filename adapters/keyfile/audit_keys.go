package keyfile

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"

	"gatehouse/domain"
)

// AuditKeyFile is the name of the file that holds the secret of the audit trail.
const AuditKeyFile = "audit.key"

const auditKeySize = 32 // bytes

// AuditKeys are the keys that are derived from that secret.
type AuditKeys struct {
	Sealing  domain.AuditKey  // seals the audit trail
	Subjects domain.Secret    // hides unknown addresses in it
	Devices  domain.DeviceKey // knows devices again
	Outbox   domain.OutboxKey // hides the links of letters that wait to be sent
	Checks   domain.Secret    // proves to a command of this machine who has answered it
}

// ReadAuditKeys derives them from the secret in the folder dir (HKDF, RFC 5869). It makes
// the secret if there is none; see [Secret].
func ReadAuditKeys(dir string) (keys AuditKeys, err error) {
	secret, err := Secret(dir, AuditKeyFile, auditKeySize)
	if err != nil {
		return AuditKeys{}, err
	}
	seals, err1 := derive(secret, "gatehouse audit seals")
	subjects, err2 := derive(secret, "gatehouse audit subjects")
	devices, err3 := derive(secret, "gatehouse devices")
	outbox, err4 := derive(secret, "gatehouse outbox")
	checks, err5 := derive(secret, "gatehouse checks")
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return AuditKeys{}, err
	}
	return AuditKeys{domain.NewAuditKey(seals), subjects, domain.NewDeviceKey(devices), domain.NewOutboxKey(outbox), checks}, nil
}

func derive(secret domain.Secret, purpose string) (domain.Secret, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, purpose, auditKeySize)
	return domain.NewSecret(string(key)), err
}
