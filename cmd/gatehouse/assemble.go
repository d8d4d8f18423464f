package main

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"

	"gatehouse"
	"gatehouse/adapters/cli"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/keyfile"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/domain"

	"go.uber.org/zap"
)

// auditKeyFile holds the secret of the audit trail.
const auditKeyFile = "audit.key"

const auditKeySize = 32 // bytes

// auditKeys are derived from that secret (HKDF, RFC 5869).
type auditKeys struct {
	sealing  domain.AuditKey  // seals the trail
	subjects domain.Secret    // hides unknown addresses in it
	devices  domain.DeviceKey // knows devices again
}

func readAuditKeys(dir string) (keys auditKeys, err error) {
	secret, err := keyfile.Secret(dir, auditKeyFile, auditKeySize)
	if err != nil {
		return auditKeys{}, err
	}
	derive := func(purpose string) domain.Secret {
		key, failed := hkdf.Key(sha256.New, []byte(secret.Reveal()), nil, purpose, auditKeySize)
		err = errors.Join(err, failed)
		return domain.NewSecret(string(key))
	}
	keys = auditKeys{
		sealing:  domain.NewAuditKey(derive("gatehouse audit seals")),
		subjects: derive("gatehouse audit subjects"),
		devices:  domain.NewDeviceKey(derive("gatehouse devices")),
	}
	return keys, err
}

// assembleServer turns the settings into the adapters' configurations and has the server
// put together from them.
func assembleServer(s *settings, public *url.URL, log *zap.Logger) (*fiberhttp.Server, func(), error) {
	if err := makeDataDir(s.dataDir); err != nil {
		return nil, nil, err
	}
	tokens, err := tokenConfig(s)
	if err != nil {
		return nil, nil, err
	}
	keys, err := readAuditKeys(s.dataDir)
	if err != nil {
		return nil, nil, err
	}
	return gatehouse.NewServer(
		sqlite.Config{Dir: s.dataDir, AuditKey: keys.sealing, Exclusive: true},
		tokens,
		passwords.Config{},
		subjecthmac.Config{Key: keys.subjects},
		keys.devices,
		fiberhttp.Config{
			PublicURL:         public,
			Cookies:           s.cookies,
			AllowedOrigins:    s.corsAllowedOrigins,
			TrustedProxies:    s.trustedProxies,
			PasswordMinLength: s.policy.PasswordMinLength,
		},
		s.policy,
		log,
	)
}

func assembleOperator(s *settings) (cli.UseCases, func(), error) {
	if err := makeDataDir(s.dataDir); err != nil {
		return cli.UseCases{}, nil, err
	}
	keys, err := readAuditKeys(s.dataDir)
	if err != nil {
		return cli.UseCases{}, nil, err
	}
	return gatehouse.NewOperator(sqlite.Config{Dir: s.dataDir, AuditKey: keys.sealing}, passwords.Config{}, s.policy)
}

// makeDataDir makes the folder for this account alone, and refuses one into which other
// accounts can put files.
func makeDataDir(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("GATEHOUSE_DATA_DIR = %q cannot be made: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("GATEHOUSE_DATA_DIR = %q can be written to by other accounts: run chmod 700 %s", path, path)
	}
	return nil
}

// tokenConfig chooses the key that signs. A secret verifies too when another key signs, so
// that tokens of the shop's Django, and those from before the change, stay good.
func tokenConfig(s *settings) (config jwtsigner.Config, err error) {
	var shared []jwtsigner.Key
	if secret := s.secret(); !secret.Empty() {
		key, err := jwtsigner.SecretKey(secret)
		if err != nil {
			return config, err
		}
		shared = append(shared, key)
	}
	if s.signingAlgorithm() == "HS256" {
		if len(shared) == 0 {
			return config, errors.New("HS256 without a secret")
		}
		return jwtsigner.Config{Signing: shared[0]}, nil
	}
	private, err := keyfile.SigningKey(s.dataDir, s.signingAlgorithm())
	if err != nil {
		return config, err
	}
	key, err := jwtsigner.PrivateKey(private)
	return jwtsigner.Config{Signing: key, Verifying: shared}, err
}
