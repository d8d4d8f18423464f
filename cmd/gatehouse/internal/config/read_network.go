package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var plainToken = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func cookieName(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		if !plainToken.MatchString(value) {
			return errors.New("is not a cookie's name: use letters, digits, - and _")
		}
		*field(s) = value
		return nil
	}
}

func setListen(s *Settings, value string) error {
	host, port, err := net.SplitHostPort(value)
	number, bad := strconv.ParseUint(port, 10, 16)
	_, badAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || host != "" && host != "localhost" && badAddress != nil {
		return errors.New("is not an address and a port: write 127.0.0.1:8080")
	}
	s.Listen = net.JoinHostPort(host, strconv.FormatUint(number, 10))
	return nil
}

func setPublicURL(s *Settings, value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("is not a URL that people can see: write https://shop.example")
	}
	u.Host = strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(u.Host, port) {
		u.Host = strings.TrimSuffix(u.Host, port) // as browsers send it in Origin
	}
	s.publicURL = u
	return nil
}

func setTrustedProxies(s *Settings, value string) error {
	for _, item := range list(value) {
		prefix, err := netip.ParsePrefix(item)
		if address, bad := netip.ParseAddr(item); bad == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return errors.New("is not a list of addresses or networks: write 127.0.0.1, 10.0.0.0/8")
		}
		if prefix = unmapped(prefix); prefix.Bits() == 0 {
			return errors.New("trusts everybody: name the addresses of your proxies")
		}
		s.TrustedProxies = append(s.TrustedProxies, prefix)
	}
	return nil
}

// unmapped is an IPv4 network that is written as IPv6 (::ffff:10.0.0.0/104) as itself.
func unmapped(prefix netip.Prefix) netip.Prefix {
	const mapped = 96
	if !prefix.Addr().Is4In6() || prefix.Bits() < mapped {
		return prefix
	}
	return netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
}

var plainDomain = regexp.MustCompile(`^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$`)

func setCookieDomain(s *Settings, value string) error {
	if value != "" && !plainDomain.MatchString(value) {
		return errors.New("is not a domain: write shop.example")
	}
	s.Cookies.Domain = value
	return nil
}

func origins(field func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		for _, item := range list(value) {
			if !isOrigin(item) {
				return errors.New("is not a list of origins: write https://app.shop.example, in lower case, without a path or a star")
			}
			*field(s) = append(*field(s), item)
		}
		return nil
	}
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		u.Scheme+"://"+strings.ToLower(u.Host) == text && !strings.ContainsAny(text, "*;,'")
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
