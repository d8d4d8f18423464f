package config

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/adapters/keyfile"
)

// maxShopName is how long a name may be, in characters, and still fit on a phone.
const maxShopName = 60

func setShopName(s *Settings, value string) error {
	blank := value != "" && strings.TrimSpace(value) == ""
	if blank || !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxShopName || strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("is not a name of at most %d characters", maxShopName)
	}
	s.Pages.ShopName = value
	return nil
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

func setSignInRedirect(s *Settings, value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	page := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && isOrigin(u.Scheme+"://"+u.Host)
	path := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "//")
	if !page && !path || u.User != nil || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return errors.New("is not the address of a page: write https://app.shop.example/ or /app/")
	}
	s.Pages.SignInRedirect = value
	return nil
}
