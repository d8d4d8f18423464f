package proxyfile

import (
	"net"
	"strconv"
	"strings"
)

// A view is what the templates see.
type view struct {
	Shop
	Wishes
	unanswered bool // the guard has not answered
}

// Asked reports whether there is an answer of the guard.
func (v view) Asked() bool { return v.Guard && !v.unanswered }

// WithoutAnswer is for when the guard does not answer.
func (v view) WithoutAnswer() view {
	v.unanswered = true
	return v
}

// Command prints the same file again.
func (v view) Command() string {
	words := []string{"gatehouse proxy", v.Program}
	if v.Snippet {
		words = append(words, "--snippet")
	}
	if v.Django != "" {
		words = append(words, "--django", v.Django, "--max-upload", v.MaxUpload)
	}
	if v.Guard {
		words = append(words, "--guard")
	}
	return strings.Join(words, " ")
}

func (v view) Origin() string { return v.PublicURL.Scheme + "://" + v.PublicURL.Host }
func (v view) Name() string   { return v.PublicURL.Hostname() }
func (v view) Secure() bool   { return v.PublicURL.Scheme == "https" }

// Port is the public one, which the proxy listens at.
func (v view) Port() string {
	switch {
	case v.PublicURL.Port() != "":
		return v.PublicURL.Port()
	case v.Secure():
		return "443"
	}
	return "80"
}

// Host is that of a request, with the public port if browsers send it.
func (v view) Host() string {
	if v.PublicURL.Port() == "" {
		return "$host"
	}
	return "$host:" + v.PublicURL.Port()
}

// Prefix is the path of the public URL, which Gatehouse does not get.
func (v view) Prefix() string { return strings.TrimSuffix(v.PublicURL.EscapedPath(), "/") }

func (v view) Ours() string      { return pattern(v.Prefix(), v.Paths) }
func (v view) Open() string      { return openPattern(v.OpenPaths) }
func (v view) Ambiguous() string { return ambiguous }

// Gatehouse is where the proxy finds it: an address of this machine if it listens at every one.
func (s Shop) Gatehouse() string {
	host, port, _ := net.SplitHostPort(s.Listen)
	switch host {
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}

// CaddySize is the size with the unit that means the same to Caddy as it does to nginx.
func (v view) CaddySize() string {
	last := len(v.MaxUpload) - 1
	return v.MaxUpload[:last] + strings.ToUpper(v.MaxUpload[last:]) + "iB"
}

// MaxBytes is the size in bytes.
func (v view) MaxBytes() int64 {
	last := len(v.MaxUpload) - 1
	n, _ := strconv.ParseInt(v.MaxUpload[:last], 10, 64) // it was checked
	return n << map[byte]int{'k': 10, 'm': 20, 'g': 30}[v.MaxUpload[last]]
}

// CaddyAddress writes an address of a socket as Caddy does.
func (v view) CaddyAddress(address string) string {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix/" + path
	}
	return address
}

// A header of an answer of the guard, and the variable of nginx for it.
type header struct{ Name, Variable string }

// Identity are the headers by which Django knows who asks.
func (v view) Identity() []header {
	return []header{
		{"Remote-User", "$gatehouse_user"}, {"Remote-Email", "$gatehouse_email"}, {"Remote-Name", "$gatehouse_name"},
		{"Remote-Groups", "$gatehouse_groups"}, {"Remote-Session", "$gatehouse_session"}, {"X-Gatehouse-Access-Token", "$gatehouse_token"},
	}
}

// Upstream is how nginx is told of an answer's header.
func (h header) Upstream() string {
	return "$upstream_http_" + strings.ReplaceAll(strings.ToLower(h.Name), "-", "_")
}

// Twins are the names that WSGI and CGI take for the same one (RFC 3875, 4.1.18), because they write _
// for -.
func (h header) Twins() (all []string) {
	all = []string{""}
	for i, part := range strings.Split(h.Name, "-") {
		var longer []string
		for _, start := range all {
			if i == 0 {
				longer = append(longer, part)
				continue
			}
			longer = append(longer, start+"-"+part, start+"_"+part)
		}
		all = longer
	}
	return all[1:]
}

// GuardOnSocket: the guard listens at a Unix socket.
func (v view) GuardOnSocket() bool { return strings.HasPrefix(v.GuardListen, "unix:") }
