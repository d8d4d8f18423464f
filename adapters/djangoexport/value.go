package djangoexport

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"gatehouse/adapters/internal/strictjson"
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

// complaint says what is wrong with a value that is present. If the value cannot be read, it says
// why; if it can, the complaint is otherwise.
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

// anyText passes on half of a surrogate pair, so that the report can name the field.
var anyText = strictjson.Reader{LoneSurrogates: true}

// jsonValue classifies a valid JSON value without white space around it.
func jsonValue(raw json.RawMessage) value {
	v, err := anyText.Read(string(raw), func(string, strictjson.Value) error { return nil })
	switch {
	case raw[0] == '{', raw[0] == '[':
		return value{kind: composite}
	case errors.Is(err, strictjson.ErrNotUTF8):
		return value{kind: unreadable, text: "is not valid UTF-8"}
	case v.Surrogate != 0:
		return value{kind: unreadable, text: "contains half a character (an unpaired surrogate)"}
	case v.Kind == strictjson.Text:
		return value{kind: text, text: v.Text}
	case v.Kind == strictjson.Boolean:
		return value{kind: boolean, flag: v.Text == "true"}
	case v.Kind == strictjson.Null:
		return value{kind: null}
	}
	return value{kind: number}
}
