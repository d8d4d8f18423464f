package body

import (
	"net/http"
	"strings"

	"gatehouse/adapters/internal/strictjson"
	"gatehouse/domain"
)

// maxJSONDepth is how many levels of objects and lists a body may have, the outermost included.
const maxJSONDepth = 32

// bodyJSON reads bodies. A number may have 4300 digits, the limit of Python's int, because fields
// show numbers as Python writes them. A lone surrogate is a fault of its field, not of the body.
var bodyJSON = strictjson.Reader{MaxDepth: maxJSONDepth, MaxDigits: 4300, LoneSurrogates: true}

// parseJSON reads a body that is one JSON object and nothing else.
func parseJSON(body []byte) (Fields, error) {
	members := Fields{}
	document, err := bodyJSON.Read(string(body), func(name string, v strictjson.Value) error {
		members[name] = jsonValue(v)
		return nil
	})
	if err != nil {
		return nil, Refuse(http.StatusBadRequest, "JSON parse error - "+sentenceOf(err))
	}
	switch document.Kind {
	case strictjson.Object:
		return members, nil
	case strictjson.Null:
		return nil, wholeBodyError("No data provided")
	}
	return nil, wholeBodyError("Invalid data. Expected a dictionary, but got " + pythonType(jsonValue(document).kind) + ".")
}

// sentenceOf says what is wrong with a body. Apps rely on the old words about a duplicate member.
func sentenceOf(err error) string {
	if err == strictjson.ErrTwice {
		return "a member appears twice"
	}
	return "the body " + err.Error()
}

// jsonValue keeps the part of a JSON value that a field needs.
func jsonValue(v strictjson.Value) value {
	switch v.Kind {
	case strictjson.Text:
		return value{kind: kindText, Text: domain.NewSecret(v.Text), surrogate: v.Surrogate}
	case strictjson.Number:
		if strings.ContainsAny(v.Text, ".eE") {
			return value{kind: kindFloat, Text: domain.NewSecret(pythonFloat(v.Text))}
		}
		return value{kind: kindInteger, Text: domain.NewSecret(pythonInt(v.Text))}
	case strictjson.Boolean:
		return value{kind: kindBoolean}
	case strictjson.List:
		return value{kind: kindList}
	case strictjson.Object:
		return value{kind: kindObject}
	}
	return value{kind: kindNull}
}
