package fiberhttp

import (
	"strings"
	"testing"
)

func TestFaultyJSON(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat(`{"a":`, depth-1) + "[]" + strings.Repeat("}", depth-1)
	}
	cases := []struct {
		name, body string
		want       fault // "" for a body that must be accepted
	}{
		{"open brace", `{`, notJSON},
		{"open member", `{"a"`, notJSON},
		{"open value", `{"a":`, notJSON},
		{"open string", `{"username":"a`, notJSON},
		{"open escape", `{"a":"\`, notJSON},
		{"open code point", `{"a":"\u12`, notJSON},
		{"open list", `{"a":[1`, notJSON},
		{"single quotes", `{'username':'a'}`, notJSON},
		{"bare name", `{username:"a"}`, notJSON},
		{"bare word", `nothing`, notJSON},
		{"longer word", `{"a":nullx}`, notJSON},
		{"word in capitals", `{"a":True}`, notJSON},
		{"form", `username=a&password=b`, notJSON},
		{"white space only", " \t\r\n", notJSON},
		{"white space JSON has not", "{\v}", notJSON},
		{"no-break space", "{\u00a0}", notJSON},
		{"trailing comma in object", `{"a":1,}`, notJSON},
		{"trailing comma in list", `{"a":[1,]}`, notJSON},
		{"leading comma", `{,"a":1}`, notJSON},
		{"missing comma", `{"a":1 "b":2}`, notJSON},
		{"missing colon", `{"a" 1}`, notJSON},
		{"wrong bracket", `{"a":[1}]`, notJSON},
		{"second object", `{}{}`, notJSON},
		{"trailing text", `{} x`, notJSON},
		{"trailing NUL", "{}\x00", notJSON},
		{"line comment", "{} // x", notJSON},
		{"block comment", `{/* x */}`, notJSON},
		{"NaN", `{"username":NaN,"password":"x"}`, notJSON},
		{"Infinity", `{"a":Infinity}`, notJSON},
		{"-Infinity", `{"a":-Infinity}`, notJSON},
		{"leading zero", `{"a":01}`, notJSON},
		{"minus and leading zero", `{"a":-01}`, notJSON},
		{"minus alone", `{"a":-}`, notJSON},
		{"plus", `{"a":+1}`, notJSON},
		{"no digit before the point", `{"a":.5}`, notJSON},
		{"no digit after the point", `{"a":1.}`, notJSON},
		{"point and exponent", `{"a":1.e5}`, notJSON},
		{"no digit in exponent", `{"a":1e}`, notJSON},
		{"sign alone in exponent", `{"a":1e+}`, notJSON},
		{"hexadecimal", `{"a":0x1}`, notJSON},
		{"underscore", `{"a":1_000}`, notJSON},
		{"unknown escape", `{"a":"\x41"}`, notJSON},
		{"escaped single quote", `{"a":"\'"}`, notJSON},
		{"underscore in code point", `{"a":"\u1_23"}`, notJSON},
		{"sign in code point", `{"a":"\u+123"}`, notJSON},
		{"broken second half", `{"a":"\ud83d\uZZZZ"}`, notJSON},
		{"cut second half", `{"a":"\ud83d\u12"}`, notJSON},
		{"bare line feed in string", "{\"a\":\"\n\"}", notJSON},
		{"string open at the end of a line", "{\"a\":\"x\n}", notJSON},
		{"bare NUL in string", "{\"a\":\"\x00\"}", notJSON},
		{"bare tab in name", "{\"a\t\":1}", notJSON},

		{"BOM", "\ufeff{}", startsWithBOM},
		{"UTF-16", "\xff\xfe{\x00}\x00", notUTF8},
		{"UTF-16 without BOM", "{\x00}\x00", notJSON},
		{"bad byte in value", "{\"username\":\"\xff\xfe\"}", notUTF8},
		{"bad byte in unknown name", "{\"\xc3\":1}", notUTF8},
		{"bad byte behind the object", "{}\xff", notUTF8},
		{"surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", notUTF8},
		{"overlong", "{\"a\":\"\xc0\xaf\"}", notUTF8},

		{"twice", `{"username":"a","username":"b"}`, memberTwice},
		{"twice, the same value", `{"a":1,"a":1}`, memberTwice},
		{"twice, null first", `{"a":null,"a":1}`, memberTwice},
		{"twice, once escaped", `{"username":"a","\u0075sername":"b"}`, memberTwice},
		{"twice, escaped differently", `{"\u002f":1,"\/":2}`, memberTwice},
		{"twice in an unknown object", `{"x":{"a":1,"a":2}}`, memberTwice},
		{"twice in an object in a list", `{"x":[[{"a":1,"a":2}]]}`, memberTwice},
		{"twice in what is no object", `[{"a":1,"a":2}]`, memberTwice},
		{"twice for parsers that replace surrogates", `{"\ud800":1,"\udfff":2}`, memberTwice},
		{"same names at different depths", `{"a":{"a":{"a":[{"a":1},{"a":2}]}}}`, ""},
		{"names differ in case", `{"a":1,"A":2}`, ""},

		{"as deep as allowed", nested(32), ""},
		{"too deep", nested(33), tooDeep},
		{"very deep list", strings.Repeat("[", 60_000), tooDeep},
		{"many objects side by side", `{"a":[{},{},[],[` + strings.Repeat("{},[],", 40) + `0]]}`, ""},

		{"longest integer", `{"a":-` + strings.Repeat("9", 4300) + `}`, ""},
		{"longer integer", `{"a":` + strings.Repeat("9", 4301) + `}`, tooManyDigits},
		{"longer integer, nested", `{"a":[{"b":` + strings.Repeat("9", 4301) + `}]}`, tooManyDigits},
		{"long float", `{"a":0.` + strings.Repeat("9", 4301) + `}`, ""},
		{"everything at once", " {\t\"a\" :\r\n[ ] , \"\" : {} ,\"é\":[1,-0,0.5,1e5,1E+5,true,false,null,\"\"]} ", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(typeJSON, c.body)
			if c.want != "" {
				checkAnswer(t, err, 400, `{"detail":"JSON parse error - `+string(c.want)+`"}`)
			} else if err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

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
