package proxyfile

import (
	"regexp"
	"slices"
	"strings"
)

// A Path is one that Gatehouse answers.
type Path struct {
	Pattern string // :id stands for one segment
	// FromDjango: Django answered it before. It must not be asked past us, with the public URL's path
	// prefix or without.
	FromDjango bool
}

// Other spellings of a path that mean the same to some program: slashes that are repeated or missing at
// the end, parameters of a segment (RFC 3986, 3.3), and a line feed at the end, before which $ matches in
// Python. Letter case is for the proxy to ignore. It also decodes the path before it compares, and takes
// out segments with dots.
const (
	parameters = `(;[^/]*)?`
	slash      = parameters + `/+`
	end        = `(/|;[^/]*|\s)*$`
)

// pattern is the regular expression for our paths, for PCRE and RE2.
func pattern(prefix string, paths []Path) string {
	root := &segment{}
	for _, p := range paths {
		root.add(prefix + p.Pattern)
		if p.FromDjango {
			root.add(p.Pattern)
		}
	}
	return "^/+" + root.alternatives() + end
}

// A segment of a path, and those that follow it.
type segment struct {
	name string
	ends bool // a path may end here
	next []*segment
}

// add puts a path in the tree, once.
func (s *segment) add(path string) {
	for name := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		i := slices.IndexFunc(s.next, func(next *segment) bool { return next.name == name })
		if i < 0 {
			s.next, i = append(s.next, &segment{name: name}), len(s.next)
		}
		s = s.next[i]
	}
	s.ends = true
}

func (s *segment) alternatives() string {
	var all []string
	for _, next := range s.next {
		all = append(all, next.expression())
	}
	return "(" + strings.Join(all, "|") + ")"
}

func (s *segment) expression() string {
	name := regexp.QuoteMeta(s.name)
	if s.name == ":id" {
		name = "[^/]+"
	}
	switch {
	case len(s.next) == 0:
		return name
	case s.ends:
		return name + "(" + slash + s.alternatives() + ")?"
	}
	return name + slash + s.alternatives()
}

// openPattern is the regular expression for the paths that need nobody to be signed in, or "" if there
// are none. A * at the end stands for anything. It is compared with the target of the request as it was
// sent.
func openPattern(open []string) string {
	var all []string
	for _, path := range open {
		prefix, any := strings.CutSuffix(path, "*")
		expression := regexp.QuoteMeta(prefix)
		if any {
			expression += "[^?]*"
		}
		all = append(all, expression)
	}
	if len(all) == 0 {
		return ""
	}
	return `^(` + strings.Join(all, "|") + `)(\?|$)`
}

// ambiguous are targets that two programs could read as different paths. None of them is open.
const ambiguous = `^[^?]*(//|/\.\.?(/|\?|$)|%|;|\x5c)`
