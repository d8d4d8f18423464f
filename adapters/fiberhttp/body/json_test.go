package body

import (
	"strings"
	"testing"
)

// Package strictjson has the whole list of faults.
func TestFaultyJSON(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":1,}`:                   "the body is not valid JSON",
		"{\"a\":\"\xff\"}":           "the body is not valid UTF-8",
		"\ufeff{}":                   "the body starts with a byte order mark",
		`{"a":1,"a":1}`:              "a member appears twice",
		strings.Repeat("[", 33):      "the body is nested too deeply",
		`{"a":` + digits(4301) + `}`: "the body has a number with too many digits",
	} {
		_, err := parse(typeJSON, body)
		checkAnswer(t, err, 400, `{"detail":"JSON parse error - `+want+`"}`)
	}
	for _, body := range []string{strings.Repeat("[", 32) + strings.Repeat("]", 32), `{"a":` + digits(4300) + `}`} {
		if _, err := parse(typeJSON, body); err != nil && strings.Contains(err.Error(), "JSON parse error") {
			t.Errorf("refused: %v", err)
		}
	}
}

func digits(n int) string { return strings.Repeat("9", n) }

func TestJSONThatIsNoObject(t *testing.T) {
	for body, want := range map[string]string{
		`[]`: "list", `"x"`: "str", `1`: "int", `-0`: "int", `1.0`: "float", `1e5`: "float",
		`true`: "bool", ` false `: "bool", `[{"username":"a"}]`: "list",
	} {
		_, err := parse(typeJSON, body)
		checkAnswer(t, err, 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got `+want+`."]}`)
	}
	_, err := parse(typeJSON, "null")
	checkAnswer(t, err, 400, `{"non_field_errors":["No data provided"]}`)
}
