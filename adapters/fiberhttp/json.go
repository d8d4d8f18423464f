package fiberhttp

import (
	"bytes"
	"net/http"
	"unicode/utf8"

	"gatehouse/domain"
)

const (
	// maxJSONDepth is how many objects and lists may lie within each other.
	maxJSONDepth = 32
	// maxJSONDigits is Python's limit for an integer; a longer one could not be told as text.
	maxJSONDigits = 4300
)

// The faults of JSON bodies.
const (
	notJSON       = fault("the body is not valid JSON")
	notUTF8       = fault("the body is not valid UTF-8")
	startsWithBOM = fault("the body starts with a byte order mark")
	memberTwice   = fault("a member appears twice")
	tooDeep       = fault("the body is nested too deeply")
	tooManyDigits = fault("a number has too many digits")
)

// parseJSON reads a body that is one JSON object (RFC 8259) and nothing else.
//
// encoding/json will not do: it takes the last of two equal members, and does not tell
// U+FFFD from a lone surrogate or from bytes that are not UTF-8.
func parseJSON(body []byte) (fields, error) {
	document, err := readJSON(body)
	if err != nil {
		return nil, detailError(http.StatusBadRequest, "JSON parse error - "+err.Error())
	}
	switch document.kind {
	case kindObject:
		return document.members, nil
	case kindNull:
		return nil, wholeBodyError("No data provided")
	}
	return nil, wholeBodyError("Invalid data. Expected a dictionary, but got " + pythonType(document.kind) + ".")
}

func readJSON(body []byte) (value, error) {
	switch {
	case !utf8.Valid(body):
		return value{}, notUTF8
	case bytes.HasPrefix(body, []byte("\ufeff")):
		return value{}, startsWithBOM
	}
	r := jsonReader{data: body}
	document, err := r.value()
	if err != nil {
		return value{}, err
	}
	if r.space(); r.at < len(r.data) {
		return value{}, notJSON
	}
	return document, nil
}

// A jsonReader reads valid UTF-8 once from left to right.
type jsonReader struct {
	data  []byte
	at    int
	depth int
}

func (r *jsonReader) value() (value, error) {
	r.space()
	switch c := r.peek(); {
	case c == '"':
		return r.text()
	case c == '{':
		return r.object()
	case c == '[':
		return r.list()
	case c == '-' || isDigit(c):
		return r.number()
	}
	return r.word()
}

func (r *jsonReader) object() (value, error) {
	members := fields{}
	err := r.items('}', func() error {
		name, err := r.name()
		if err != nil {
			return err
		}
		if members.has(name) {
			return memberTwice
		}
		members[name], err = r.value()
		return err
	})
	return value{kind: kindObject, members: members}, err
}

func (r *jsonReader) name() (string, error) {
	if r.space(); r.peek() != '"' {
		return "", notJSON
	}
	name, _, err := r.quoted()
	if err != nil {
		return "", err
	}
	if r.space(); !r.skip(':') {
		return "", notJSON
	}
	return name, nil
}

func (r *jsonReader) list() (value, error) {
	return value{kind: kindList}, r.items(']', func() error {
		_, err := r.value()
		return err
	})
}

// items reads an opening bracket, items with commas between them, and the closing bracket.
func (r *jsonReader) items(closing byte, item func() error) error {
	if r.depth++; r.depth > maxJSONDepth {
		return tooDeep
	}
	r.at++
	r.space()
	for first := true; !r.skip(closing); first = false {
		if !first && !r.skip(',') {
			return notJSON
		}
		if err := item(); err != nil {
			return err
		}
		r.space()
	}
	r.depth--
	return nil
}

func (r *jsonReader) word() (value, error) {
	for _, word := range [...]struct {
		text string
		kind kind
	}{{"null", kindNull}, {"true", kindBoolean}, {"false", kindBoolean}} {
		if bytes.HasPrefix(r.data[r.at:], []byte(word.text)) {
			r.at += len(word.text)
			return value{kind: word.kind}, nil
		}
	}
	return value{}, notJSON
}

func (r *jsonReader) number() (value, error) {
	start := r.at
	digits, ok := r.wholeNumber()
	isFloat := r.peek() == '.' || r.peek() == 'e' || r.peek() == 'E'
	if !ok || isFloat && !r.fractionAndExponent() {
		return value{}, notJSON
	}
	literal := string(r.data[start:r.at])
	switch {
	case isFloat:
		return value{kind: kindFloat, text: domain.NewSecret(pythonFloat(literal))}, nil
	case digits > maxJSONDigits:
		return value{}, tooManyDigits
	}
	return value{kind: kindInteger, text: domain.NewSecret(pythonInt(literal))}, nil
}

// wholeNumber reads what is before the point, without leading zeros.
func (r *jsonReader) wholeNumber() (digits int, ok bool) {
	r.skip('-')
	leadingZero := r.peek() == '0'
	digits = r.digits()
	return digits, digits == 1 || digits > 1 && !leadingZero
}

func (r *jsonReader) fractionAndExponent() (ok bool) {
	if r.skip('.') && r.digits() == 0 {
		return false
	}
	if !r.skip('e') && !r.skip('E') {
		return true
	}
	_ = r.skip('+') || r.skip('-')
	return r.digits() > 0
}

// peek returns the next byte, or at the end a zero, which nothing in JSON begins with.
func (r *jsonReader) peek() byte {
	if r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

// skip passes over c if it is next, and reports whether it was.
func (r *jsonReader) skip(c byte) bool {
	found := r.peek() == c
	if found {
		r.at++
	}
	return found
}

func (r *jsonReader) space() {
	for r.skip(' ') || r.skip('\n') || r.skip('\r') || r.skip('\t') {
	}
}

// digits passes over decimal digits and returns how many there were.
func (r *jsonReader) digits() int {
	start := r.at
	for isDigit(r.peek()) {
		r.at++
	}
	return r.at - start
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
