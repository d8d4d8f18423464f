package djangoexport

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A value is one field as the file spells it.
type value struct {
	kind kind
	text string // of text and cell; of unreadable: what is wrong with it
	flag bool   // of boolean
}

type kind int

const (
	absent kind = iota
	null
	text
	boolean
	number
	composite  // a list or an object
	cell       // of CSV: text that may spell something else, and nothing when empty
	unreadable // present, but what it says cannot be told
)

// empty reports whether the field is there and there is nothing in it.
func (v value) empty() bool { return v.kind == null || v.kind == cell && v.text == "" }

// complaint says what is wrong with a value that is there: how it is written if that is the
// trouble, and else what it is.
func (v value) complaint(otherwise string) string {
	if v.kind == unreadable {
		return v.text
	}
	return otherwise
}

func cellValue(content string) value {
	if !utf8.ValidString(content) {
		return value{kind: unreadable, text: "is not valid UTF-8"}
	}
	// A copy, because the cells of a row share one string, with those that nobody reads.
	return value{kind: cell, text: strings.Clone(content)}
}

// jsonValue classifies a valid JSON value without white space around it.
func jsonValue(raw json.RawMessage) value {
	switch raw[0] {
	case '"':
		return jsonText(raw)
	case 't', 'f':
		return value{kind: boolean, flag: raw[0] == 't'}
	case 'n':
		return value{kind: null}
	case '{', '[':
		return value{kind: composite}
	}
	return value{kind: number}
}

// jsonText refuses what encoding/json would replace by U+FFFD without a word.
func jsonText(raw json.RawMessage) value {
	var content string
	switch {
	case !utf8.Valid(raw):
		return value{kind: unreadable, text: "is not valid UTF-8"}
	case halfCharacter(string(raw)):
		return value{kind: unreadable, text: "contains half a character (an unpaired surrogate)"}
	case json.Unmarshal(raw, &content) != nil:
		return value{kind: unreadable, text: "is not text"}
	}
	return value{kind: text, text: content}
}

// halfCharacter reports whether a JSON string escapes a UTF-16 surrogate that is not one
// of a pair.
func halfCharacter(literal string) bool {
	high := false // the unit just before was the first of a pair
	for literal != "" {
		unit, size := firstUnit(literal)
		if low := 0xDC00 <= unit && unit <= 0xDFFF; low != high {
			return true
		}
		high = 0xD800 <= unit && unit <= 0xDBFF
		literal = literal[size:]
	}
	return false // the closing quote has ended every pair
}

// firstUnit returns the value of a \u escape, or zero for anything else, and its length.
func firstUnit(literal string) (unit uint64, size int) {
	switch {
	case strings.HasPrefix(literal, `\u`):
		unit, _ = strconv.ParseUint(literal[2:6], 16, 16) // the syntax is known to be right
		return unit, 6
	case literal[0] == '\\':
		return 0, 2
	}
	return 0, 1
}
