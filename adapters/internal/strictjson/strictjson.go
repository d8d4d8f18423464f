// Package strictjson reads JSON (RFC 8259) that no two readers can understand differently.
//
// It refuses what readers disagree about: a name twice in one object, bytes that are not UTF-8,
// a byte order mark, anything after the value, deep nesting, and, unless it is allowed, half of a
// surrogate pair (I-JSON, RFC 7493). encoding/json takes the last of two equal names and replaces
// bad text without a word.
//
// A [Reader] is a plain value and may be used concurrently.
package strictjson

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Why a text is refused. The words go on after "the body", "the token" or the like.
var (
	ErrSyntax    = errors.New("is not valid JSON")
	ErrNotUTF8   = errors.New("is not valid UTF-8")
	ErrBOM       = errors.New("starts with a byte order mark")
	ErrTwice     = errors.New("has a member twice")
	ErrTooDeep   = errors.New("is nested too deeply")
	ErrDigits    = errors.New("has a number with too many digits")
	ErrSurrogate = errors.New("has half of a surrogate pair")
)

// A Kind is what a value is.
type Kind byte

// The kinds of values. The zero kind is none.
const (
	Null Kind = iota + 1
	Boolean
	Text
	Number
	List
	Object
)

// A Value is a JSON value.
type Value struct {
	Kind Kind
	// Text is what a string says, and the spelling of any other value.
	Text string
	// Surrogate is the first half of a pair that a string escapes alone, or 0. The string says
	// U+FFFD there.
	Surrogate rune
}

// A Reader reads texts under its limits. Where a limit is 0 there is none.
type Reader struct {
	// MaxDepth is how deep objects and lists may be nested, the outermost included.
	MaxDepth int
	// MaxDigits is how many digits a whole number may have.
	MaxDigits int
	// LoneSurrogates: half of a surrogate pair is no reason to refuse a text.
	LoneSurrogates bool
}

// Read reads a text that is one value. If that is an object, member is called for each of its
// members, in order and before the rest of the text is looked at. An error of member ends the
// reading and is returned. Any other error is one of this package's.
func (r Reader) Read(text string, member func(name string, v Value) error) (Value, error) {
	switch {
	case !utf8.ValidString(text):
		return Value{}, ErrNotUTF8
	case strings.HasPrefix(text, "\ufeff"):
		return Value{}, ErrBOM
	}
	s := scanner{limits: r, source: text, names: make([]string, 0, 16)}
	v, err := s.value(member)
	if s.skipSpace(); err == nil && s.at < len(text) {
		err = ErrSyntax
	}
	return v, err
}

// Items calls item for each item of a list that a [Reader] has read, in order. An error of item
// ends that and is returned.
func (v Value) Items(item func(Value) error) error {
	s := scanner{source: v.Text}
	return s.list(item)
}

// A scanner reads source, which is valid UTF-8, from at on.
type scanner struct {
	limits Reader
	source string
	at     int
	depth  int
	names  []string // of the open objects' members, those of the innermost last
}

// value reads any value, and calls member for each member of an object.
func (s *scanner) value(member func(name string, v Value) error) (Value, error) {
	s.skipSpace()
	start := s.at
	kind, err := Null, error(nil)
	switch c := s.peek(); c {
	case '"':
		return s.quoted()
	case '{':
		kind, err = Object, s.object(member)
	case '[':
		kind, err = List, s.list(func(Value) error { return nil })
	case 't':
		kind, err = Boolean, s.word("true")
	case 'f':
		kind, err = Boolean, s.word("false")
	case 'n':
		err = s.word("null")
	default:
		kind, err = Number, s.number()
	}
	return Value{Kind: kind, Text: s.source[start:s.at]}, err
}

func (s *scanner) object(member func(name string, v Value) error) error {
	outer := len(s.names)
	err := s.items('{', '}', func() error {
		s.skipSpace()
		name, err := s.quoted()
		if err != nil {
			return err
		}
		if !s.take(':') {
			return ErrSyntax
		}
		s.names = append(s.names, name.Text)
		v, err := s.value(passOver)
		if err != nil {
			return err
		}
		return member(name.Text, v)
	})
	if err == nil && !allDistinct(s.names[outer:]) {
		err = ErrTwice
	}
	s.names = s.names[:outer]
	return err
}

// passOver is for the members of an object that only has to be good JSON.
func passOver(string, Value) error { return nil }

// allDistinct sorts the names, so that many of them cost little more than a few.
func allDistinct(names []string) bool {
	slices.Sort(names)
	return len(slices.Compact(names)) == len(names)
}

func (s *scanner) list(item func(v Value) error) error {
	return s.items('[', ']', func() error {
		v, err := s.value(passOver)
		if err != nil {
			return err
		}
		return item(v)
	})
}

func (s *scanner) items(open, closing byte, item func() error) error {
	if s.limits.MaxDepth > 0 && s.depth == s.limits.MaxDepth {
		return ErrTooDeep
	}
	if !s.take(open) {
		return ErrSyntax
	}
	s.depth++
	for closed := s.take(closing); !closed; {
		if err := item(); err != nil {
			return err
		}
		closed = s.take(closing)
		if !closed && !s.take(',') {
			return ErrSyntax
		}
	}
	s.depth--
	return nil
}

func (s *scanner) number() error {
	if s.peek() == '-' {
		s.at++
	}
	whole := s.at
	digits := s.digits()
	if digits == 0 || digits > 1 && s.source[whole] == '0' {
		return ErrSyntax
	}
	fraction, err := s.fraction()
	if err == nil && !fraction && s.limits.MaxDigits > 0 && digits > s.limits.MaxDigits {
		err = ErrDigits
	}
	return err
}

// fraction reads what may follow the whole part of a number, and reports whether anything did.
func (s *scanner) fraction() (found bool, err error) {
	if s.peek() == '.' {
		s.at++
		found = true
		if s.digits() == 0 {
			return found, ErrSyntax
		}
	}
	if s.peek()|0x20 != 'e' {
		return found, nil
	}
	s.at++
	if s.peek() == '+' || s.peek() == '-' {
		s.at++
	}
	if s.digits() == 0 {
		err = ErrSyntax
	}
	return true, err
}

// digits passes over decimal digits and returns how many there were.
func (s *scanner) digits() int {
	start := s.at
	for '0' <= s.peek() && s.peek() <= '9' {
		s.at++
	}
	return s.at - start
}

func (s *scanner) word(word string) error {
	if !strings.HasPrefix(s.source[s.at:], word) {
		return ErrSyntax
	}
	s.at += len(word)
	return nil
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

// peek returns the next byte, and at the end 0, which is nowhere in JSON.
func (s *scanner) peek() byte {
	if s.at == len(s.source) {
		return 0
	}
	return s.source[s.at]
}
