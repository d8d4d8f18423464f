package config

import (
	"errors"
	"fmt"
	"io"

	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/adapters/keyfile"
)

func wordsIn(path string) ([]string, error) {
	words, err := blocklist.ReadWords(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be used: %w", err)
	}
	return words, nil
}

func breachedList(path string) (string, error) {
	if err := breached.Check(path); err != nil {
		return "", fmt.Errorf("cannot be used: %w", err)
	}
	return path, nil
}

func logo(path string) (none pages.Logo, err error) {
	content, err := readFile(path, pages.MaxLogoSize)
	if err != nil {
		return none, err
	}
	return pages.NewLogo(content)
}

func texts(path string) (none pages.Texts, err error) {
	content, err := readFile(path, pages.MaxTextsSize)
	if err != nil {
		return none, err
	}
	return pages.ParseTexts(content)
}

// readFile reads a file, or no more of it than shows that it is larger than limit.
func readFile(path string, limit int64) ([]byte, error) {
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
