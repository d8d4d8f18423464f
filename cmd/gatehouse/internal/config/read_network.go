package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gatehouse/domain"
)

func listenAddress(value string) (string, error) {
	host, port, err := net.SplitHostPort(value)
	number, bad := strconv.ParseUint(port, 10, 16)
	_, badAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || host != "" && host != "localhost" && badAddress != nil {
		return "", errors.New("is not an address and a port: write 127.0.0.1:8080")
	}
	return net.JoinHostPort(host, strconv.FormatUint(number, 10)), nil
}

// unixPrefix begins the address of a Unix socket.
const unixPrefix = "unix:"

// longestSocket is how many bytes the path of a Unix socket may have (unix(7) of Linux: 108 with the end).
const longestSocket = 107

// guardAddress is reached from this machine or the private network alone: who asks there gets tokens.
func guardAddress(value string) (string, error) {
	path, unix := strings.CutPrefix(value, unixPrefix)
	switch {
	case unix && (!strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || len(path) > longestSocket):
		return "", fmt.Errorf("is not the path of a socket, of %d bytes at most: write unix:/run/gatehouse/guard.sock", longestSocket)
	case unix:
		return value, nil
	}
	address, err := listenAddress(value)
	if host, _, bad := net.SplitHostPort(value); err != nil || bad != nil || !isPrivate(host) {
		return "", errors.New("is not an address of this machine or a private network: write 127.0.0.1:8081 or unix:/run/gatehouse/guard.sock")
	}
	return address, nil
}

// isPrivate reports whether the host is this machine, or an address that is not routed on the internet
// (RFC 1918, RFC 4193).
func isPrivate(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (address.Unmap().IsLoopback() || address.Unmap().IsPrivate())
}

func openPath(item string) (string, error) {
	if err := domain.CheckOpenPath(item); err != nil {
		return "", fmt.Errorf("has %s, which %w: write /health,/static/*", item, err)
	}
	return item, nil
}

func openPaths(value string) (domain.OpenPaths, error) { return listOf(openPath)(value) }

func publicURL(value string) (*url.URL, error) {
	u, err := url.Parse(value)
	if err != nil || !isWeb(u) || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("is not a URL that people can see: write https://shop.example")
	}
	u.Host = strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(u.Host, port) {
		u.Host = strings.TrimSuffix(u.Host, port) // as browsers send it in Origin
	}
	return u, nil
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

func proxy(item string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(item)
	if address, bad := netip.ParseAddr(item); bad == nil {
		prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	if err != nil {
		return prefix, errors.New("is not a list of addresses or networks: write 127.0.0.1, 10.0.0.0/8")
	}
	if prefix = unmapped(prefix); prefix.Bits() == 0 {
		return prefix, errors.New("trusts everybody: name the addresses of your proxies")
	}
	return prefix, nil
}

// unmapped is an IPv4 network that is written as IPv6 (::ffff:10.0.0.0/104) as itself.
func unmapped(prefix netip.Prefix) netip.Prefix {
	const mapped = 96
	if !prefix.Addr().Is4In6() || prefix.Bits() < mapped {
		return prefix
	}
	return netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
}

var plainToken = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") // RFC 9110, 5.6.2

func cookieName(value string) (string, error) {
	if !plainToken.MatchString(value) {
		return "", errors.New("is not a cookie's name: use letters, digits, - and _")
	}
	return value, nil
}

var plainDomain = regexp.MustCompile(`^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$`)

func cookieDomain(value string) (string, error) {
	if !plainDomain.MatchString(value) {
		return "", errors.New("is not a domain: write shop.example")
	}
	return value, nil
}

func origin(item string) (string, error) {
	u, err := url.Parse(item)
	if err != nil || !isOrigin(u, item) {
		return "", errors.New("is not a list of origins: write https://app.shop.example, in lower case, without a path or a star")
	}
	return item, nil
}

func isOrigin(u *url.URL, written string) bool {
	return isWeb(u) && u.Host != "" && u.Scheme+"://"+strings.ToLower(u.Host) == written && !strings.ContainsAny(written, "*;,'")
}

// pageAddress is where people go on to: another page on the web, or a path of the shop.
func pageAddress(value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || !isPage(u) && !isPath(u, value) || u.User != nil || strings.ContainsFunc(value, unfitForURL) {
		return "", errors.New("is not the address of a page: write https://app.shop.example/ or /app/")
	}
	return value, nil
}

func isPage(u *url.URL) bool { return isOrigin(u, u.Scheme+"://"+u.Host) }

func isPath(u *url.URL, written string) bool {
	return u.Scheme == "" && u.Host == "" && strings.HasPrefix(written, "/") && !strings.HasPrefix(written, "//")
}

func unfitForURL(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }
