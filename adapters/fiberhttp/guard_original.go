package fiberhttp

import (
	"errors"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/intake"
)

// An original is the request that a proxy asks about. Its host decides nothing: a browser sends our cookies
// only to hosts that may have them, and ?next= leads only to origins that are allowed.
type original struct {
	method       string
	scheme, host string
	uri          string // the path as it was sent, and the query
}

func (o original) origin() string { return o.scheme + "://" + o.host }

// The headers in which proxies describe the original request: nginx in the first two, Caddy and Traefik in
// the others.
const (
	originalMethod  = "X-Original-Method"
	originalURL     = "X-Original-Url"
	forwardedMethod = "X-Forwarded-Method"
	forwardedProto  = "X-Forwarded-Proto"
	forwardedHost   = "X-Forwarded-Host"
	forwardedURI    = "X-Forwarded-Uri"
)

var (
	errUnclearQuestion = body.Refuse(fiber.StatusBadRequest, "The proxy has not said clearly which request this is about. The log says what it must send.")

	errRoles    = errors.New("the query may only have role=, with office, workshop or superuser")
	errMissing  = errors.New("a header is missing")
	errTwice    = errors.New("a header came twice")
	errDisagree = errors.New("X-Original-… and X-Forwarded-… disagree: one of them comes from the client")
	errMethod   = errors.New("the method is not of capital letters")
	errAddress  = errors.New("X-Original-URL is not an absolute address")
	errURI      = errors.New("the path does not begin with /, or has a space, # or a control character")
	errHost     = errors.New("the scheme is not http or https, or the host is none")
)

// originalOf reads the original request. One family of headers must be complete. Headers of the other family
// must say the same: a client may have added them, and then one of the two is false.
func originalOf(header *fasthttp.RequestHeader) (original, error) {
	first, err := fromOriginal(header)
	if err != nil {
		return original{}, err
	}
	second, err := fromForwarded(header)
	if err != nil {
		return original{}, err
	}
	for _, part := range [][2]string{{first.method, second.method}, {first.scheme, second.scheme}, {first.host, second.host}, {first.uri, second.uri}} {
		if part[0] != "" && part[1] != "" && part[0] != part[1] {
			return original{}, errDisagree
		}
	}
	if first.complete() {
		return first, nil
	}
	if second.complete() {
		return second, nil
	}
	return original{}, errMissing
}

func (o original) complete() bool {
	return o.method != "" && o.scheme != "" && o.host != "" && o.uri != ""
}

// fromOriginal reads the headers that nginx is told to send. Those that are missing leave parts empty.
func fromOriginal(header *fasthttp.RequestHeader) (original, error) {
	address, err := only(header, originalURL)
	if err != nil {
		return original{}, err
	}
	var o original
	if address != "" {
		scheme, rest, found := strings.Cut(address, "://")
		slash := strings.IndexByte(rest, '/')
		if !found || slash < 0 {
			return original{}, errAddress
		}
		o = original{scheme: scheme, host: rest[:slash], uri: rest[slash:]}
	}
	o.method, err = only(header, originalMethod)
	return o.clean(err)
}

// fromForwarded reads the headers that Caddy and Traefik send. Those that are missing leave parts empty.
func fromForwarded(header *fasthttp.RequestHeader) (o original, err error) {
	for _, from := range []struct {
		name string
		part *string
	}{{forwardedMethod, &o.method}, {forwardedProto, &o.scheme}, {forwardedHost, &o.host}, {forwardedURI, &o.uri}} {
		if *from.part, err = only(header, from.name); err != nil {
			return original{}, err
		}
	}
	return o.clean(nil)
}

// only returns the header's value, or "" if there is none.
func only(header *fasthttp.RequestHeader, name string) (string, error) {
	switch lines := header.PeekAll(name); len(lines) {
	case 0:
		return "", nil
	case 1:
		return string(lines[0]), nil
	}
	return "", errTwice
}

var (
	plainMethod = regexp.MustCompile(`^[A-Z][A-Z-]{0,19}$`)
	plainHost   = regexp.MustCompile(`^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$`)
)

// clean checks the parts that are there. It writes scheme and host as browsers do in Origin. Some proxies
// name a WebSocket's scheme ws or wss.
func (o original) clean(err error) (original, error) {
	o.host = strings.ToLower(o.host)
	switch o.scheme {
	case "http", "ws":
		o.scheme, o.host = "http", strings.TrimSuffix(o.host, ":80")
	case "https", "wss":
		o.scheme, o.host = "https", strings.TrimSuffix(o.host, ":443")
	case "":
	default:
		return o, errHost
	}
	switch {
	case err != nil:
	case o.method != "" && !plainMethod.MatchString(o.method):
		err = errMethod
	case o.host != "" && !plainHost.MatchString(o.host):
		err = errHost
	case o.uri != "" && (o.uri[0] != '/' || strings.ContainsFunc(o.uri, oddInRequestLine)):
		err = errURI
	}
	return o, err
}

// oddInRequestLine reports whether no client may send the character in the address of a request (RFC 9112).
func oddInRequestLine(r rune) bool { return r <= ' ' || r == '#' || r == 0x7f }

// An unclearQuestion is the line of the log about proxies that ask wrongly.
type unclearQuestion struct{ *intake.Complaint }

func (u unclearQuestion) add(wrong error) {
	u.Add("the guard cannot tell what the proxy asks: let the proxy send X-Original-Method and X-Original-URL, or "+
		"X-Forwarded-Method, X-Forwarded-Proto, X-Forwarded-Host and X-Forwarded-Uri, and remove the other ones that clients send",
		zap.Error(wrong))
}
