package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"gatehouse"
	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/cli"
	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/adapters/jwtsigner"
	"gatehouse/adapters/keyfile"
	"gatehouse/adapters/passwords"
	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/subjecthmac"
	"gatehouse/domain"

	"go.uber.org/zap"
)

// assembleServer turns the settings into the adapters' configurations and has the server
// put together from them.
func assembleServer(s *settings, public *url.URL, log *zap.Logger) (service gatehouse.Service, closeService func(), err error) {
	became, err := enterDataDir(s)
	if err != nil {
		return service, nil, err
	}
	if became != nil {
		log.Info("root has become the account that the data folder belongs to", zap.Int("uid", became.uid), zap.Int("gid", became.gid))
	}
	notice, err := allowNew(&s.newDatabase, s.dataDir)
	if err != nil {
		return service, nil, err
	}
	if notice != "" {
		log.Warn(notice)
	}
	tokens, err := tokenConfig(s)
	if err != nil {
		return service, nil, err
	}
	lost := isThere(s.dataDir, sqlite.FileName) && !isThere(s.dataDir, keyfile.AuditKeyFile)
	keys, err := keyfile.ReadAuditKeys(s.dataDir)
	if err != nil {
		return service, nil, err
	}
	if lost {
		log.Warn("there was no audit.key, and a new one was made: what is in the audit trail does not verify with it. " +
			"If there is a copy, stop the service and put it back at once")
	}
	service, closeService, err = gatehouse.NewServer(
		sqlite.Config{Dir: s.dataDir, AuditKey: keys.Sealing, Exclusive: true, Abandons: s.newDatabase.abandons},
		tokens,
		passwords.Config{},
		blocklist.Config{Words: s.contextWords()},
		breached.Config{Path: s.breached},
		subjecthmac.Config{Key: keys.Subjects},
		keys.Devices,
		keys.Outbox,
		s.mailConfig(public),
		fiberhttp.Config{
			PublicURL:         public,
			Pages:             pagesOf(s),
			Cookies:           s.cookies,
			AllowedOrigins:    s.corsAllowedOrigins,
			TrustedProxies:    s.trustedProxies,
			PasswordMinLength: s.policy.PasswordMinLength,
			MaxConnections:    s.maxConnections,
		},
		s.policy,
		log,
	)
	newIsMade(&s.newDatabase, s.dataDir, err)
	return service, closeService, err
}

// pagesOf are the settings of the pages; their times are the shop's.
func pagesOf(s *settings) pages.Config {
	config := s.pages
	config.TimeZone = s.policy.TimeZone
	config.ResetByMail = s.policy.Links.Mail
	return config
}

// operatorPatience is how long a command waits for its turn to write. A service that is busy
// commits without a pause, so it may take luck to get in between.
const operatorPatience = 10 * time.Second

// assembleOperator makes a database, and the key for it, only if that is asked for: whoever
// asks about a folder that is empty has the wrong one. Notices are what the operator should know.
func assembleOperator(s *settings, create bool, notices io.Writer) (useCases cli.UseCases, closeDatabase func(), err error) {
	switch there := isThere(s.dataDir, sqlite.FileName); {
	case !there && !create:
		return useCases, nil, missing(s.dataDir)
	case there && !isThere(s.dataDir, keyfile.AuditKeyFile):
		return useCases, nil, keyMissing(s.dataDir)
	}
	if _, err := enterDataDir(s); err != nil {
		return useCases, nil, err
	}
	if create {
		notice, err := allowNew(&s.newDatabase, s.dataDir)
		if err != nil {
			return useCases, nil, err
		}
		if notice != "" {
			_, _ = fmt.Fprintf(notices, "gatehouse %s: %s\n", s.newDatabase.command, notice)
		}
	}
	keys, err := keyfile.ReadAuditKeys(s.dataDir)
	if err != nil {
		return useCases, nil, err
	}
	useCases, closeDatabase, err = gatehouse.NewOperator(
		sqlite.Config{Dir: s.dataDir, AuditKey: keys.Sealing, Existing: !create, Abandons: s.newDatabase.abandons, BusyTimeout: operatorPatience}, passwords.Config{},
		blocklist.Config{Words: s.contextWords()}, breached.Config{Path: s.breached}, keys.Outbox, s.policy,
	)
	newIsMade(&s.newDatabase, s.dataDir, err)
	return useCases, closeDatabase, err
}

// missing says that the folder is the wrong one, or that its database is lost.
func missing(dir string) error {
	if l, err := findLoss(dir); err != nil || len(l.left) > 0 {
		return errors.Join(err, l.refuse())
	}
	return sqlite.Missing(dir)
}

// assembleFileOperator makes no key: a new one would be the wrong one.
func assembleFileOperator(s *settings) (cli.FileUseCases, error) {
	if !isThere(s.dataDir, keyfile.AuditKeyFile) {
		return cli.FileUseCases{}, keyMissing(s.dataDir)
	}
	enter := func(path string, open func() error) (domain.AuditKey, error) { return enterWith(s, path, open) }
	return gatehouse.NewFileOperator(sqlite.Config{Dir: s.dataDir, BusyTimeout: operatorPatience, Enter: enter}), nil
}

// enterWith is the order of [sqlite.Config.Enter].
func enterWith(s *settings, path string, open func() error) (key domain.AuditKey, err error) {
	late := accountChooses(s, path)
	if !late {
		if err := open(); err != nil {
			return key, err
		}
	}
	if _, err := enterDataDir(s); err != nil {
		return key, err
	}
	keys, err := keyfile.ReadAuditKeys(s.dataDir)
	if err == nil && late {
		err = open()
	}
	return keys.Sealing, err
}

// isThere reports whether the folder has something with the name, or might have.
func isThere(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

// keyMissing is the error of a command that would have to make a new key, with which nothing
// in the audit trail verifies.
func keyMissing(dir string) error {
	return fmt.Errorf("there is no %s in %s: put back the one that the audit trail was sealed with, or set GATEHOUSE_DATA_DIR",
		keyfile.AuditKeyFile, dir)
}

// tokenConfig chooses the key that signs. When another key signs, tokens of the secret are read
// as well: the domain knows until when they count, such as those of the shop's Django and those
// from before the change.
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
