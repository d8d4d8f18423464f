package proxycheck

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// An untruth is what a client could send to have the guard asked about another request: a preflight, which
// passes without anybody signed in.
func (c Check) untruths() [][]string {
	return [][]string{
		{"X-Original-Method", "OPTIONS", "X-Original-URL", c.address("/"), "Access-Control-Request-Method", "GET"},
		{"X-Forwarded-Method", "OPTIONS", "X-Forwarded-Proto", c.URL.Scheme, "X-Forwarded-Host", c.URL.Host, "X-Forwarded-Uri", "/", "Access-Control-Request-Method", "GET"},
	}
}

// guard asks whether the guard can be reached from outside.
func (c Check) guard(ctx context.Context) []Verdict {
	if c.GuardListen == "" {
		return nil
	}
	return []Verdict{c.guardThroughProxy(ctx), c.guardAtItsPort(ctx)}
}

// guardThroughProxy asks at the paths that the guard has. It answers a question with 200 and the identity
// headers, which the proxy gives to nobody.
func (c Check) guardThroughProxy(ctx context.Context) Verdict {
	const question = "the guard cannot be asked through the proxy"
	for _, path := range []string{"/check", "/denied", "/.gatehouse/check", "/.gatehouse/denied"} {
		for _, headers := range c.untruths() {
			reply := c.ask(ctx, "GET", c.address(path), headers...)
			if reply.err != nil {
				return Verdict{Unseen, question, reply.String()}
			}
			if reply.from() == guards && (reply.status == 200 || reply.status == 400 || reply.header.Values("Remote-User") != nil) {
				return verdict(false, question, "%s has answered %s", reply, path)
			}
		}
	}
	return verdict(true, question, "yes")
}

// guardAtItsPort asks the public host at the guard's port.
func (c Check) guardAtItsPort(ctx context.Context) Verdict {
	const question = "the guard's listener cannot be reached from outside"
	_, port, err := net.SplitHostPort(c.GuardListen)
	switch {
	case err != nil || strings.HasPrefix(c.GuardListen, "unix:"):
		return verdict(true, question, "it is a Unix socket")
	case onThisMachine(ctx, c.URL.Hostname()):
		return Verdict{Unseen, question, c.URL.Hostname() + " is this machine's own loopback"}
	}
	reply := c.ask(ctx, "GET", "http://"+net.JoinHostPort(c.URL.Hostname(), port)+"/check")
	if reply.from() == guards {
		return verdict(false, question, "it answers at %s: let it listen on loopback, or keep others out by a firewall", net.JoinHostPort(c.URL.Hostname(), port))
	}
	return verdict(true, question, "port %s: %s", port, reply)
}

func onThisMachine(ctx context.Context, host string) bool {
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	return err == nil && len(addresses) > 0 && !containsOutside(addresses)
}

func containsOutside(addresses []netip.Addr) bool {
	for _, address := range addresses {
		if !address.IsLoopback() {
			return true
		}
	}
	return false
}

// identity asks whether a stranger gets past the guard by saying who it is, or what it asks for. What Django
// gets on open paths cannot be seen from here.
func (c Check) identity(ctx context.Context) []Verdict {
	const question = "false X-Original-URL, X-Forwarded-Uri and Remote-User headers change nothing"
	if !c.Guarded {
		return []Verdict{{Unseen, question, "what Django gets is not told to anybody: compare the file (--file)"}}
	}
	i := slices.IndexFunc(djangosPaths, c.isShut)
	if i < 0 {
		return []Verdict{{Unseen, question, "GUARD_OPEN_PATHS opens all of Django's paths that are asked: compare the file (--file)"}}
	}
	path := c.address(djangosPaths[i])
	truth := c.ask(ctx, "GET", path)
	for _, headers := range c.untruths() {
		lies := append(headers, "Remote-User", "nobody", "Remote_User", "nobody", "X-Gatehouse-Access-Token", "nobody")
		if reply := c.ask(ctx, "GET", path, lies...); reply.from() != guards || reply.status != truth.status {
			return []Verdict{verdict(false, question, "%s instead of %s", reply, truth)}
		}
	}
	return []Verdict{verdict(truth.from() == guards, question, "%s", truth)}
}
