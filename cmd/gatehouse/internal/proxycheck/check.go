// Package proxycheck asks the reverse proxy in front of a shop whether it does what its file should say.
// It signs nobody in, and asks for nothing that changes anything: almost all requests are OPTIONS.
package proxycheck

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"gatehouse/cmd/gatehouse/internal/proxyfile"
	"gatehouse/domain"
)

// A Check is what is asked, and where.
type Check struct {
	URL *url.URL // as people see it, with its path prefix
	// Service is the address and port of the service on this machine.
	Service string
	// Key proves who answers; the service has the same one.
	Key   domain.Secret
	Paths []proxyfile.Path
	// Guarded: the proxy asks the guard about what goes to Django.
	Guarded bool
	// Open are the paths that the guard lets everybody reach.
	Open domain.OpenPaths
	// GuardListen is where the guard listens, as in its setting; "" if there is none.
	GuardListen string
}

// A Verdict is the answer to one question.
type Verdict struct {
	State    State  `json:"state"`
	Question string `json:"question"`
	Seen     string `json:"seen"`
}

// A State says whether the answer is right.
type State string

// The states. Unseen is what cannot be told from here.
const (
	Good   State = "good"
	Bad    State = "BAD"
	Unseen State = "unseen"
)

func verdict(good bool, question, format string, values ...any) Verdict {
	state := Bad
	if good {
		state = Good
	}
	return Verdict{state, question, fmt.Sprintf(format, values...)}
}

// ErrNotTheService is the error if the service of this machine does not prove itself with the key: nothing
// could be told then.
var ErrNotTheService = errors.New("the service does not answer as the one of this data folder: run this where the service runs, with its settings")

// ErrNobody is the error if nobody answers at the URL.
var ErrNobody = errors.New("nobody answers at the URL: give the one that people see, and let this machine find and trust it (HTTPS_PROXY, SSL_CERT_FILE)")

// Run asks everything. It stops when ctx is over.
func (c Check) Run(ctx context.Context) ([]Verdict, error) {
	if reply := c.ask(ctx, "GET", "http://"+c.Service+"/healthz"); reply.from() != ours {
		return nil, fmt.Errorf("%w (%s at %s)", ErrNotTheService, reply, c.Service)
	}
	if reply := c.ask(ctx, "OPTIONS", c.address("/")); reply.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNobody, reply.err)
	}
	all := c.ourPaths(ctx)
	all = append(all, c.otherPaths(ctx)...)
	all = append(all, c.addresses(ctx))
	all = append(all, c.guard(ctx)...)
	return append(all, c.identity(ctx)...), ctx.Err()
}

func (c Check) address(path string) string {
	return strings.TrimSuffix(c.URL.String(), "/") + path
}

// ourPaths asks for each of our paths, with and without the slash at its end.
func (c Check) ourPaths(ctx context.Context) (all []Verdict) {
	for _, path := range c.Paths {
		concrete := strings.ReplaceAll(path.Pattern, ":id", "x")
		all = append(all, c.mustBeOurs(ctx, concrete+"/ is answered by Gatehouse", c.address(concrete), c.address(concrete+"/")))
		if path.FromDjango {
			addresses := spellings(c.address(""), concrete)
			if c.URL.Path != "" && c.URL.Path != "/" {
				addresses = append(addresses, c.URL.Scheme+"://"+c.URL.Host+concrete+"/")
			}
			all = append(all, c.mustBeOurs(ctx, concrete+"/ in other spellings does not reach Django", addresses...))
		}
	}
	return all
}

// spellings are those that some proxy or server takes for the path itself.
func spellings(base, path string) []string {
	last := strings.LastIndex(path, "/")
	folder, name := path[:last], path[last+1:]
	return []string{
		base + folder + "//" + name + "/", base + folder + "/./" + name + "/", base + folder + "/x/../" + name + "/", base + folder + "%2F" + name + "/",
		base + strings.ToUpper(path) + "/", base + path + ";x=1", base + path + "/;x=1", base + folder + ";x/" + name + "/",
	}
}

// mustBeOurs asks at each address, and tells the first at which Gatehouse has not answered.
func (c Check) mustBeOurs(ctx context.Context, question string, addresses ...string) Verdict {
	for _, address := range addresses {
		if reply := c.ask(ctx, "OPTIONS", address); reply.from() != ours {
			return verdict(false, question, "%s has answered %s", reply, address)
		}
	}
	return verdict(true, question, "yes")
}

// djangosPaths are below the roots of ours, and stay Django's.
var djangosPaths = []string{"/api/accounts/staff/", "/accounts/api/staff/", "/accounts/api/bearer-token/", "/accounts/logout-session/"}

// otherPaths asks for what Gatehouse must not answer. /healthz and /readyz are for this machine alone: the
// guard, Django or the shop's app answers there.
func (c Check) otherPaths(ctx context.Context) (all []Verdict) {
	for _, path := range djangosPaths {
		if c.isShut(path) {
			all = append(all, c.mustBeRefused(ctx, path))
		} else {
			all = append(all, c.mustNotBeOurs(ctx, path))
		}
	}
	return append(all, c.mustNotBeOurs(ctx, "/healthz"), c.mustNotBeOurs(ctx, "/readyz"))
}

// isShut reports whether the guard must refuse strangers there.
func (c Check) isShut(path string) bool {
	return c.Guarded && !c.Open.Match(strings.TrimSuffix(c.URL.Path, "/")+path)
}

func (c Check) mustBeRefused(ctx context.Context, path string) Verdict {
	reply := c.ask(ctx, "OPTIONS", c.address(path))
	return verdict(reply.from() == guards && !reply.unavailable(), path+" is refused by the guard to strangers", "%s", reply)
}

func (c Check) mustNotBeOurs(ctx context.Context, path string) Verdict {
	reply := c.ask(ctx, "OPTIONS", c.address(path))
	another := reply.from() == others || c.Guarded && reply.from() == guards
	return verdict(another && !reply.unavailable(), path+" is not answered by Gatehouse", "%s", reply)
}

// falseAddress is nobody's (RFC 5737).
const falseAddress = "203.0.113.66"

// addresses asks whether clients can choose the address that Gatehouse sees.
func (c Check) addresses(ctx context.Context) Verdict {
	const question = "a false X-Forwarded-For changes nothing"
	path := c.address(c.Paths[0].Pattern + "/")
	plain := c.ask(ctx, "OPTIONS", path)
	lied := c.ask(ctx, "OPTIONS", path, "X-Forwarded-For", falseAddress, "X-Real-Ip", falseAddress, "Forwarded", "for="+falseAddress)
	switch {
	case plain.from() != ours || lied.from() != ours:
		return Verdict{Unseen, question, "Gatehouse has not answered"}
	case !plain.said.Believed:
		return verdict(false, question, "everybody has the address of the proxy: put %s in GATEHOUSE_TRUSTED_PROXIES", plain.said.Address)
	}
	return verdict(plain.said.Address == lied.said.Address, question, "Gatehouse sees %s without and %s with it", plain.said.Address, lied.said.Address)
}
