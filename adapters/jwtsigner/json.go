package jwtsigner

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep objects and lists may be nested, the outermost included.
const maxDepth = 16

// A value is a JSON value. Its text is what a string says, and the spelling of any other.
type value struct {
	kind kind
	text string
}

type kind byte

const (
	otherKind kind = iota // an object, a list, true, false or null
	textKind
	numberKind
)

// readObject reads a text that is one JSON object (RFC 8259, I-JSON of RFC 7493) and calls
// member for each of its members, in order. It reports false once member does, and if two
// readers could disagree about the text: bad UTF-8, a lone surrogate, a name twice in one
// object, anything after the object, or nesting deeper than maxDepth.
func readObject(text string, member func(name string, v value) bool) bool {
	if !utf8.ValidString(text) {
		return false
	}
	s := scanner{source: text, names: make([]string, 0, 16)}
	ok := s.object(member)
	s.skipSpace()
	return ok && s.at == len(text)
}

// A scanner reads source, which is valid UTF-8, from at on. Its methods report whether the
// source went on as the method's name says.
type scanner struct {
	source string
	at     int
	depth  int
	names  []string // of the open objects' members, those of the innermost last
}

func (s *scanner) object(member func(name string, v value) bool) bool {
	outer := len(s.names)
	ok := s.items('{', '}', func() bool {
		s.skipSpace()
		name, ok := s.text()
		if !ok || !s.take(':') {
			return false
		}
		s.names = append(s.names, name)
		v, ok := s.value()
		return ok && member(name, v)
	})
	distinct := allDistinct(s.names[outer:])
	s.names = s.names[:outer]
	return ok && distinct
}

// allDistinct sorts the names, so that many of them cost little more than a few.
func allDistinct(names []string) bool {
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return false
		}
	}
	return true
}

func (s *scanner) list(item func(v value) bool) bool {
	return s.items('[', ']', func() bool {
		v, ok := s.value()
		return ok && item(v)
	})
}

func (s *scanner) items(open, closing byte, item func() bool) bool {
	if s.depth == maxDepth || !s.take(open) {
		return false
	}
	s.depth++
	for closed := s.take(closing); !closed; {
		if !item() {
			return false
		}
		closed = s.take(closing)
		if !closed && !s.take(',') {
			return false
		}
	}
	s.depth--
	return true
}

func (s *scanner) value() (value, bool) {
	s.skipSpace()
	start, kind, ok := s.at, otherKind, false
	switch s.peek() {
	case '"':
		text, ok := s.text()
		return value{textKind, text}, ok
	case '{':
		ok = s.object(func(string, value) bool { return true })
	case '[':
		ok = s.list(func(value) bool { return true })
	case 't':
		ok = s.word("true")
	case 'f':
		ok = s.word("false")
	case 'n':
		ok = s.word("null")
	default:
		kind, ok = numberKind, s.number()
	}
	return value{kind, s.source[start:s.at]}, ok
}

func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.at++
	}
	whole := s.at
	if !s.digits() || s.source[whole] == '0' && s.at > whole+1 {
		return false
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return false
		}
	}
	if s.peek()|0x20 != 'e' {
		return true
	}
	s.at++
	if s.peek() == '+' || s.peek() == '-' {
		s.at++
	}
	return s.digits()
}

// digits takes one digit or more.
func (s *scanner) digits() bool {
	start := s.at
	for '0' <= s.peek() && s.peek() <= '9' {
		s.at++
	}
	return s.at > start
}

func (s *scanner) word(word string) bool {
	ok := strings.HasPrefix(s.source[s.at:], word)
	if ok {
		s.at += len(word)
	}
	return ok
}

// take takes one character, after white space.
func (s *scanner) take(c byte) bool {
	s.skipSpace()
	ok := s.peek() == c
	if ok {
		s.at++
	}
	return ok
}

func (s *scanner) skipSpace() {
	for c := s.peek(); c == ' ' || c == '\n' || c == '\t' || c == '\r'; c = s.peek() {
		s.at++
	}
}

// peek returns the next byte, and at the end 0, which JSON has nowhere.
func (s *scanner) peek() byte {
	if s.at == len(s.source) {
		return 0
	}
	return s.source[s.at]
}
