package config

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"gatehouse/adapters/keyfile"
)

// An Error is one thing that is wrong, and with which variable.
type Error struct {
	Name    string
	Problem string
}

func (e Error) Error() string { return e.Name + " " + e.Problem }

// Values are where an option's value comes from: the command line before the environment.
type Values struct {
	Getenv  func(string) string
	Environ func() []string
	Flags   map[string]string // by flag name; only those that were given
	// SignsNothing: the command has to do with no token, so the secret may be missing.
	SignsNothing bool
}

// Load reads the configuration. All mistakes are reported together, each with the name of
// its variable.
func Load(from Values) (*Settings, error) {
	s := &Settings{Written: map[string]string{}}
	problems := s.read(from)
	s.Policy.Throttle.DevicesByAddress = !s.Cookies.Enabled
	s.Policy.SharedSecretSigns = s.SigningAlgorithm() == "HS256"
	s.Policy.Links.Mail = s.mail.host != ""
	s.doubts = s.findDoubts(from.Environ())
	return s, errors.Join(append(problems, s.check(from.SignsNothing)...)...)
}

// read sets every option, each by itself.
func (s *Settings) read(from Values) (problems []error) {
	for _, o := range s.options() {
		value, err := from.value(o)
		s.Written[o.Name] = value
		if err == nil {
			err = o.Set(value)
		}
		if err != nil {
			problems = append(problems, o.mistake(value, err))
			_ = o.Set(o.DefaultValue) // so that nothing else seems wrong because of it
		}
	}
	return problems
}

// Reload reads the files again that options name with "again on SIGHUP". These settings stay as they
// are, and the answer has what the files say now. All mistakes are reported together.
func (s *Settings) Reload() (*Settings, error) {
	var problems []error
	anew := *s
	for _, o := range anew.options() {
		if !o.reloads {
			continue
		}
		value := s.Written[o.Name]
		if err := o.Set(value); err != nil {
			problems = append(problems, o.mistake(value, err))
		}
	}
	return &anew, errors.Join(problems...)
}

// value finds what an option is set to. An empty value means the default.
func (v Values) value(o Option) (string, error) {
	given, set := v.Flags[o.Flag()]
	if o.secret {
		return v.secret(o, given)
	}
	if !set {
		given = v.Getenv(o.Name)
	}
	return cmp.Or(given, o.DefaultValue), nil
}

// openToOthers are the modes that a secret's file must not have. Its group may read it:
// that is how systemd hands a credential over.
const openToOthers = 0o037

// secret reads a secret from the environment, or from a file that only this account can
// read.
func (v Values) secret(o Option, file string) (string, error) {
	if file == "" {
		file = v.Getenv(o.Name + "_FILE")
	}
	value := v.Getenv(o.Name)
	switch {
	case file == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("is set, and so is %s_FILE: keep one", o.Name)
	}
	content, err := readSecret(file)
	if err != nil {
		return "", err
	}
	if value = strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"); value == "" {
		return "", fmt.Errorf("comes from %s, which is empty: put the secret in it", file)
	}
	return value, nil
}

// readSecret reads the file that it has opened and looked at.
func readSecret(path string) ([]byte, error) {
	file, err := keyfile.OpenNamed(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read from %s: %w", path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("cannot be read from %s", path)
	}
	if info.Mode().Perm()&openToOthers != 0 {
		return nil, fmt.Errorf("comes from %s, which other accounts can read: run chmod 600 %s", path, path)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read from %s", path)
	}
	return content, nil
}
