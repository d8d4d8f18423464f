package jwtsigner

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string and returns what it says. Without escapes that is a part of source.
func (s *scanner) text() (string, bool) {
	if s.peek() != '"' {
		return "", false
	}
	s.at++
	start := s.at
	for s.at < len(s.source) {
		switch c := s.source[s.at]; {
		case c == '"':
			s.at++
			return s.source[start : s.at-1], true
		case c == '\\':
			return s.escapedText(start)
		case c < ' ':
			return "", false
		}
		s.at++
	}
	return "", false
}

// escapedText reads on from the first backslash of a string that began at start.
func (s *scanner) escapedText(start int) (string, bool) {
	said := []byte(s.source[start:s.at])
	for s.at < len(s.source) {
		c := s.source[s.at]
		s.at++
		switch {
		case c == '"':
			return string(said), true
		case c == '\\':
			r, ok := s.escape()
			if !ok {
				return "", false
			}
			said = utf8.AppendRune(said, r)
		case c < ' ':
			return "", false
		default:
			said = append(said, c)
		}
	}
	return "", false
}

// escape reads what follows a backslash.
func (s *scanner) escape() (rune, bool) {
	const spelled, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := s.peek()
	if i := strings.IndexByte(spelled, c); i >= 0 {
		s.at++
		return rune(meant[i]), true
	}
	r, ok := s.codeUnit()
	if !utf16.IsSurrogate(r) {
		return r, ok
	}
	if s.peek() != '\\' {
		return 0, false
	}
	s.at++
	low, ok := s.codeUnit()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// codeUnit reads a u and four hex digits.
func (s *scanner) codeUnit() (rune, bool) {
	if len(s.source)-s.at < 5 || s.source[s.at] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(s.source[s.at+1:s.at+5], 16, 16)
	s.at += 5
	return rune(unit), err == nil
}
