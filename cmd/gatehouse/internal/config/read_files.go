package config

import (
	"errors"
	"fmt"
	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/adapters/keyfile"
	"io"
)

func setBlocklistFile(s *Settings, path string) (err error) {
	s.words = nil
	if path == "" {
		return nil
	}
	if s.words, err = blocklist.ReadWords(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

func setBreachedFile(s *Settings, path string) error {
	s.Breached = path
	if path == "" {
		return nil
	}
	if err := breached.Check(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

// readFile reads a file, or no more of it than shows that it is larger than limit. Without a
// path there is nothing.
func readFile(path string, limit int64) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	file, err := keyfile.OpenNamed(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, errors.New("cannot be read")
	}
	return content, nil
}

func setLogo(s *Settings, value string) error {
	content, err := readFile(value, pages.MaxLogoSize)
	if err != nil || value == "" {
		return err
	}
	s.Pages.Logo, err = pages.NewLogo(content)
	return err
}

func setTexts(s *Settings, value string) error {
	content, err := readFile(value, pages.MaxTextsSize)
	if err != nil || value == "" {
		return err
	}
	s.Pages.Texts, err = pages.ParseTexts(content)
	return err
}
