package fiberhttp

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (r *jsonReader) text() (value, error) {
	s, surrogate, err := r.quoted()
	if err != nil {
		return value{}, err
	}
	read := textValue(s)
	read.surrogate = surrogate
	return read, nil
}

// quoted reads a string from its opening quote on, and returns the first lone surrogate
// that is escaped in it, if there is one.
func (r *jsonReader) quoted() (s string, surrogate rune, err error) {
	r.at++
	var before []byte // what comes before the part that is being read
	for {
		part := r.unescaped()
		switch c := r.peek(); {
		case c == '"':
			r.at++
			return string(before) + string(part), surrogate, nil
		case c != '\\':
			return "", 0, notJSON // a control character, or the end of the body
		}
		char, ok := r.escape()
		if !ok {
			return "", 0, notJSON
		}
		if surrogate == 0 && utf16.IsSurrogate(char) {
			surrogate = char
		}
		before = utf8.AppendRune(append(before, part...), char)
	}
}

// unescaped passes over what stands for itself in a string.
func (r *jsonReader) unescaped() []byte {
	rest := r.data[r.at:]
	n := 0
	for n < len(rest) && rest[n] != '"' && rest[n] != '\\' && rest[n] >= ' ' {
		n++
	}
	r.at += n
	return rest[:n]
}

func (r *jsonReader) escape() (char rune, ok bool) {
	r.at++ // the backslash
	c := r.peek()
	r.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		return r.codePoint()
	}
	return 0, false
}

// codePoint reads the digits of \u, and the \u after it as well if the two are a
// surrogate pair.
func (r *jsonReader) codePoint() (char rune, ok bool) {
	first, ok := r.hex()
	if !ok || !bytes.HasPrefix(r.data[r.at:], []byte(`\u`)) {
		return first, ok
	}
	behindFirst := r.at
	r.at += len(`\u`)
	second, _ := r.hex()
	if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
		return pair, true
	}
	r.at = behindFirst // what follows, be it good or bad, is read on its own
	return first, true
}

func (r *jsonReader) hex() (char rune, ok bool) {
	const digits = 4
	if len(r.data)-r.at < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.data[r.at:r.at+digits]), 16, 16)
	r.at += digits
	return rune(n), err == nil
}
