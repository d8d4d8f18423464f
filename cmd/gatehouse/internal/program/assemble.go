package program

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
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/domain"

	"go.uber.org/zap"
)

// assembleServer turns the settings into the adapters' configurations and has the server
// put together from them.
func assembleServer(s *config.Settings, public *url.URL, log *zap.Logger) (service gatehouse.Service, closeService func(), err error) {
	became, err := enterDataDir(s)
	if err != nil {
		return service, nil, err
	}
	if became != nil {
		log.Info("root has become the account that the data folder belongs to", zap.Int("uid", became.uid), zap.Int("gid", became.gid))
	}
	notice, err := allowNew(&s.NewDatabase, s.DataDir)
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
	lost := IsThere(s.DataDir, sqlite.FileName) && !IsThere(s.DataDir, keyfile.AuditKeyFile)
	keys, err := keyfile.ReadAuditKeys(s.DataDir)
	if err != nil {
		return service, nil, err
	}
	if lost {
		log.Warn("there was no audit.key, and a new one was made: what is in the audit trail does not verify with it. " +
			"If there is a copy, stop the service and put it back at once")
	}
	service, closeService, err = gatehouse.NewServer(
		sqlite.Config{Dir: s.DataDir, AuditKey: keys.Sealing, Exclusive: true, Abandons: s.NewDatabase.Abandons},
		tokens,
		passwords.Config{},
		blocklist.Config{Words: s.ContextWords()},
		breached.Config{Path: s.Breached},
		subjecthmac.Config{Key: keys.Subjects},
		keys.Devices,
		keys.Outbox,
		s.MailConfig(public),
		fiberhttp.Config{
			PublicURL:         public,
			Pages:             pagesOf(s),
			Cookies:           s.Cookies,
			AllowedOrigins:    s.CorsAllowedOrigins,
			TrustedProxies:    s.TrustedProxies,
			PasswordMinLength: s.Policy.PasswordMinLength,
			MaxConnections:    s.MaxConnections,
			CheckKey:          keys.Checks,
		},
		s.Policy,
		log,
	)
	newIsMade(&s.NewDatabase, s.DataDir, err)
	return service, closeService, err
}

// pagesOf are the settings of the pages; their times are the shop's.
func pagesOf(s *config.Settings) pages.Config {
	config := s.Pages
	config.TimeZone = s.Policy.TimeZone
	config.ResetByMail = s.Policy.Links.Mail
	return config
}

// operatorPatience is how long a command waits for its turn to write. A service that is busy
// commits without a pause, so it may take luck to get in between.
const operatorPatience = 10 * time.Second

// assembleOperator makes a database and its key only if create is true. Otherwise an empty folder
// is an error, because the operator has probably named the wrong one. It writes to notices what
// the operator should know.
func assembleOperator(s *config.Settings, create bool, notices io.Writer) (useCases cli.UseCases, closeDatabase func(), err error) {
	switch there := IsThere(s.DataDir, sqlite.FileName); {
	case !there && !create:
		return useCases, nil, missing(s.DataDir)
	case there && !IsThere(s.DataDir, keyfile.AuditKeyFile):
		return useCases, nil, keyMissing(s.DataDir)
	}
	if _, err := enterDataDir(s); err != nil {
		return useCases, nil, err
	}
	if create {
		notice, err := allowNew(&s.NewDatabase, s.DataDir)
		if err != nil {
			return useCases, nil, err
		}
		if notice != "" {
			_, _ = fmt.Fprintf(notices, "gatehouse %s: %s\n", s.NewDatabase.Command, notice)
		}
	}
	keys, err := keyfile.ReadAuditKeys(s.DataDir)
	if err != nil {
		return useCases, nil, err
	}
	useCases, closeDatabase, err = gatehouse.NewOperator(
		sqlite.Config{Dir: s.DataDir, AuditKey: keys.Sealing, Existing: !create, Abandons: s.NewDatabase.Abandons, BusyTimeout: operatorPatience}, passwords.Config{},
		blocklist.Config{Words: s.ContextWords()}, breached.Config{Path: s.Breached}, keys.Outbox, s.Policy,
	)
	newIsMade(&s.NewDatabase, s.DataDir, err)
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
func assembleFileOperator(s *config.Settings, c *cli.Command) (cli.FileUseCases, error) {
	if c.Copies && !IsThere(s.DataDir, sqlite.FileName) {
		return cli.FileUseCases{}, missing(s.DataDir)
	}
	if !IsThere(s.DataDir, keyfile.AuditKeyFile) {
		return cli.FileUseCases{}, keyMissing(s.DataDir)
	}
	enter := func(path string, open func() error) (domain.AuditKey, error) { return enterWith(s, path, open) }
	return gatehouse.NewFileOperator(sqlite.Config{Dir: s.DataDir, BusyTimeout: operatorPatience, Enter: enter}), nil
}

// enterWith is the order of [sqlite.Config.Enter].
func enterWith(s *config.Settings, path string, open func() error) (key domain.AuditKey, err error) {
	late := accountChooses(s, path)
	if !late {
		if err := open(); err != nil {
			return key, err
		}
	}
	if _, err := enterDataDir(s); err != nil {
		return key, err
	}
	keys, err := keyfile.ReadAuditKeys(s.DataDir)
	if err == nil && late {
		err = open()
	}
	return keys.Sealing, err
}

// IsThere reports whether the folder has something with the name, or might have.
func IsThere(dir, name string) bool {
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
func tokenConfig(s *config.Settings) (config jwtsigner.Config, err error) {
	var shared []jwtsigner.Key
	if secret := s.Secret(); !secret.Empty() {
		key, err := jwtsigner.SecretKey(secret)
		if err != nil {
			return config, err
		}
		shared = append(shared, key)
	}
	if s.SigningAlgorithm() == "HS256" {
		if len(shared) == 0 {
			return config, errors.New("HS256 without a secret")
		}
		return jwtsigner.Config{Signing: shared[0]}, nil
	}
	private, err := keyfile.SigningKey(s.DataDir, s.SigningAlgorithm())
	if err != nil {
		return config, err
	}
	key, err := jwtsigner.PrivateKey(private)
	return jwtsigner.Config{Signing: key, Verifying: shared}, err
}
