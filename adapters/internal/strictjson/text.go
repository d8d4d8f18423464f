package strictjson

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string. Without escapes its text is a part of the source, not a copy.
func (s *scanner) quoted() (Value, error) {
	if s.peek() != '"' {
		return Value{}, ErrSyntax
	}
	s.at++
	start := s.at
	s.plain()
	if s.peek() == '"' {
		s.at++
		return Value{Kind: Text, Text: s.source[start : s.at-1]}, nil
	}
	return s.escaped(start)
}

// escaped reads on from the first backslash of a string that began at start.
func (s *scanner) escaped(start int) (Value, error) {
	v := Value{Kind: Text}
	said := []byte(s.source[start:s.at])
	for s.peek() == '\\' {
		s.at++
		r, err := s.escape()
		if err != nil {
			return Value{}, err
		}
		if utf16.IsSurrogate(r) && v.Surrogate == 0 {
			v.Surrogate = r
		}
		part := s.at
		s.plain()
		said = append(utf8.AppendRune(said, r), s.source[part:s.at]...)
	}
	if s.peek() != '"' {
		return Value{}, ErrSyntax // a control character, or the end of the source
	}
	s.at++
	if v.Surrogate != 0 && !s.limits.LoneSurrogates {
		return Value{}, ErrSurrogate
	}
	v.Text = string(said)
	return v, nil
}

// plain passes over the characters of a string that stand for themselves.
func (s *scanner) plain() {
	for s.at < len(s.source) && s.source[s.at] != '"' && s.source[s.at] != '\\' && s.source[s.at] >= ' ' {
		s.at++
	}
}

// escape reads what follows a backslash. A surrogate that is not the first of a pair is returned
// alone, and what follows it is read on its own.
func (s *scanner) escape() (rune, error) {
	const spelled, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if i := strings.IndexByte(spelled, s.peek()); i >= 0 {
		s.at++
		return rune(meant[i]), nil
	}
	first, err := s.codeUnit()
	if err != nil || !utf16.IsSurrogate(first) || s.peek() != '\\' {
		return first, err
	}
	behind := s.at
	s.at++
	if second, err := s.codeUnit(); err == nil {
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, nil
		}
	}
	s.at = behind
	return first, nil
}

// codeUnit reads a u and four hex digits.
func (s *scanner) codeUnit() (rune, error) {
	const length = 1 + 4
	if len(s.source)-s.at < length || s.source[s.at] != 'u' {
		return 0, ErrSyntax
	}
	unit, err := strconv.ParseUint(s.source[s.at+1:s.at+length], 16, 16)
	if err != nil {
		return 0, ErrSyntax
	}
	s.at += length
	return rune(unit), nil
}
