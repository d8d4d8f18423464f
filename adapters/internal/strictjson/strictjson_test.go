package strictjson_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/internal/strictjson"
)

var lenient = strictjson.Reader{MaxDepth: 32, MaxDigits: 4300, LoneSurrogates: true}

func passOver(string, strictjson.Value) error { return nil }

func TestFaultyTexts(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat(`{"a":`, depth-1) + "[]" + strings.Repeat("}", depth-1)
	}
	for _, c := range []struct {
		name, text string
		want       error // nil for a text that must be read
	}{
		{"open brace", `{`, strictjson.ErrSyntax},
		{"open member", `{"a"`, strictjson.ErrSyntax},
		{"open value", `{"a":`, strictjson.ErrSyntax},
		{"open string", `{"username":"a`, strictjson.ErrSyntax},
		{"open escape", `{"a":"\`, strictjson.ErrSyntax},
		{"open code point", `{"a":"\u12`, strictjson.ErrSyntax},
		{"open list", `{"a":[1`, strictjson.ErrSyntax},
		{"single quotes", `{'username':'a'}`, strictjson.ErrSyntax},
		{"bare name", `{username:"a"}`, strictjson.ErrSyntax},
		{"bare word", `nothing`, strictjson.ErrSyntax},
		{"longer word", `{"a":nullx}`, strictjson.ErrSyntax},
		{"word in capitals", `{"a":True}`, strictjson.ErrSyntax},
		{"form", `username=a&password=b`, strictjson.ErrSyntax},
		{"white space only", " \t\r\n", strictjson.ErrSyntax},
		{"white space JSON has not", "{\v}", strictjson.ErrSyntax},
		{"no-break space", "{\u00a0}", strictjson.ErrSyntax},
		{"trailing comma in object", `{"a":1,}`, strictjson.ErrSyntax},
		{"trailing comma in list", `{"a":[1,]}`, strictjson.ErrSyntax},
		{"leading comma", `{,"a":1}`, strictjson.ErrSyntax},
		{"missing comma", `{"a":1 "b":2}`, strictjson.ErrSyntax},
		{"missing colon", `{"a" 1}`, strictjson.ErrSyntax},
		{"wrong bracket", `{"a":[1}]`, strictjson.ErrSyntax},
		{"second object", `{}{}`, strictjson.ErrSyntax},
		{"trailing text", `{} x`, strictjson.ErrSyntax},
		{"trailing NUL", "{}\x00", strictjson.ErrSyntax},
		{"line comment", "{} // x", strictjson.ErrSyntax},
		{"block comment", `{/* x */}`, strictjson.ErrSyntax},
		{"NaN", `{"username":NaN,"password":"x"}`, strictjson.ErrSyntax},
		{"Infinity", `{"a":Infinity}`, strictjson.ErrSyntax},
		{"-Infinity", `{"a":-Infinity}`, strictjson.ErrSyntax},
		{"leading zero", `{"a":01}`, strictjson.ErrSyntax},
		{"minus and leading zero", `{"a":-01}`, strictjson.ErrSyntax},
		{"minus alone", `{"a":-}`, strictjson.ErrSyntax},
		{"plus", `{"a":+1}`, strictjson.ErrSyntax},
		{"no digit before the point", `{"a":.5}`, strictjson.ErrSyntax},
		{"no digit after the point", `{"a":1.}`, strictjson.ErrSyntax},
		{"point and exponent", `{"a":1.e5}`, strictjson.ErrSyntax},
		{"no digit in exponent", `{"a":1e}`, strictjson.ErrSyntax},
		{"sign alone in exponent", `{"a":1e+}`, strictjson.ErrSyntax},
		{"hexadecimal", `{"a":0x1}`, strictjson.ErrSyntax},
		{"underscore", `{"a":1_000}`, strictjson.ErrSyntax},
		{"unknown escape", `{"a":"\x41"}`, strictjson.ErrSyntax},
		{"escaped single quote", `{"a":"\'"}`, strictjson.ErrSyntax},
		{"underscore in code point", `{"a":"\u1_23"}`, strictjson.ErrSyntax},
		{"sign in code point", `{"a":"\u+123"}`, strictjson.ErrSyntax},
		{"broken second half", `{"a":"\ud83d\uZZZZ"}`, strictjson.ErrSyntax},
		{"cut second half", `{"a":"\ud83d\u12"}`, strictjson.ErrSyntax},
		{"bare line feed in string", "{\"a\":\"\n\"}", strictjson.ErrSyntax},
		{"string open at the end of a line", "{\"a\":\"x\n}", strictjson.ErrSyntax},
		{"bare NUL in string", "{\"a\":\"\x00\"}", strictjson.ErrSyntax},
		{"bare tab in name", "{\"a\t\":1}", strictjson.ErrSyntax},

		{"BOM", "\ufeff{}", strictjson.ErrBOM},
		{"UTF-16", "\xff\xfe{\x00}\x00", strictjson.ErrNotUTF8},
		{"UTF-16 without BOM", "{\x00}\x00", strictjson.ErrSyntax},
		{"bad byte in value", "{\"username\":\"\xff\xfe\"}", strictjson.ErrNotUTF8},
		{"bad byte in unknown name", "{\"\xc3\":1}", strictjson.ErrNotUTF8},
		{"bad byte behind the object", "{}\xff", strictjson.ErrNotUTF8},
		{"surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", strictjson.ErrNotUTF8},
		{"overlong", "{\"a\":\"\xc0\xaf\"}", strictjson.ErrNotUTF8},

		{"twice", `{"username":"a","username":"b"}`, strictjson.ErrTwice},
		{"twice, the same value", `{"a":1,"a":1}`, strictjson.ErrTwice},
		{"twice, null first", `{"a":null,"a":1}`, strictjson.ErrTwice},
		{"twice, once escaped", `{"username":"a","\u0075sername":"b"}`, strictjson.ErrTwice},
		{"twice, escaped differently", `{"\u002f":1,"\/":2}`, strictjson.ErrTwice},
		{"twice in an unknown object", `{"x":{"a":1,"a":2}}`, strictjson.ErrTwice},
		{"twice in an object in a list", `{"x":[[{"a":1,"a":2}]]}`, strictjson.ErrTwice},
		{"twice in what is no object", `[{"a":1,"a":2}]`, strictjson.ErrTwice},
		{"twice for parsers that replace surrogates", `{"\ud800":1,"\udfff":2}`, strictjson.ErrTwice},
		{"same names at different depths", `{"a":{"a":{"a":[{"a":1},{"a":2}]}}}`, nil},
		{"names differ in case", `{"a":1,"A":2}`, nil},

		{"as deep as allowed", nested(32), nil},
		{"too deep", nested(33), strictjson.ErrTooDeep},
		{"very deep list", strings.Repeat("[", 60_000), strictjson.ErrTooDeep},
		{"many objects side by side", `{"a":[{},{},[],[` + strings.Repeat("{},[],", 40) + `0]]}`, nil},

		{"longest integer", `{"a":-` + strings.Repeat("9", 4300) + `}`, nil},
		{"longer integer", `{"a":` + strings.Repeat("9", 4301) + `}`, strictjson.ErrDigits},
		{"longer integer, nested", `{"a":[{"b":` + strings.Repeat("9", 4301) + `}]}`, strictjson.ErrDigits},
		{"long float", `{"a":0.` + strings.Repeat("9", 4301) + `}`, nil},
		{"everything at once", " {\t\"a\" :\r\n[ ] , \"\" : {} ,\"é\":[1,-0,0.5,1e5,1E+5,true,false,null,\"\"]} ", nil},
		{"half of a pair", `{"a":"\ud83d"}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := lenient.Read(c.text, passOver); err != c.want {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestHalvesOfPairs(t *testing.T) {
	for text, want := range map[string]struct {
		said string
		half rune
	}{
		`{"a":"\ud83d\ude00"}`:       {"😀", 0},
		`{"a":"x\ud83dy"}`:           {"x\ufffdy", 0xd83d},
		`{"a":"\ude00\ud83d"}`:       {"\ufffd\ufffd", 0xde00},
		`{"a":"\ud83d\ud83d\ude00"}`: {"\ufffd😀", 0xd83d},
		`{"a":"\ud83d\u0041"}`:       {"\ufffdA", 0xd83d},
		`{"a":"\ufffd"}`:             {"\ufffd", 0},
	} {
		_, err := lenient.Read(text, func(_ string, v strictjson.Value) error {
			if v.Text != want.said || v.Surrogate != want.half {
				t.Errorf("%s says %q with half %x, want %q with %x", text, v.Text, v.Surrogate, want.said, want.half)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		strict := strictjson.Reader{}
		if _, err := strict.Read(text, passOver); (err == strictjson.ErrSurrogate) != (want.half != 0) {
			t.Errorf("%s, read strictly: %v", text, err)
		}
	}
	nested := `{"a":[{"b":"\ud83d"}]}`
	if _, err := (strictjson.Reader{}).Read(nested, passOver); err != strictjson.ErrSurrogate {
		t.Errorf("%s, read strictly: %v, want %v", nested, err, strictjson.ErrSurrogate)
	}
}

func TestWhatIsRead(t *testing.T) {
	const text = ` {"text":"a\n","number":-1.50,"yes":true,"no":false,"none":null,"list":[1, "b"],"object":{"c":1}} `
	want := []struct {
		name string
		kind strictjson.Kind
		text string
	}{
		{"text", strictjson.Text, "a\n"}, {"number", strictjson.Number, "-1.50"}, {"yes", strictjson.Boolean, "true"},
		{"no", strictjson.Boolean, "false"}, {"none", strictjson.Null, "null"}, {"list", strictjson.List, `[1, "b"]`},
		{"object", strictjson.Object, `{"c":1}`},
	}
	var names []string
	whole, err := strictjson.Reader{}.Read(text, func(name string, v strictjson.Value) error {
		if w := want[len(names)]; w.name != name || w.kind != v.Kind || w.text != v.Text {
			t.Errorf("%s: kind %d, %q; want %s: kind %d, %q", name, v.Kind, v.Text, w.name, w.kind, w.text)
		}
		names = append(names, name)
		return nil
	})
	if err != nil || len(names) != len(want) || whole.Kind != strictjson.Object || whole.Text != strings.TrimSpace(text) {
		t.Errorf("read %q as %+v, %v", names, whole, err)
	}
}

func TestOnlyTheOutermostMembersAreTold(t *testing.T) {
	for text, want := range map[string][]string{`{"a":{"b":{"c":1}},"d":[{"e":1}]}`: {"a", "d"}, `[{"a":1}]`: nil} {
		var names []string
		_, err := strictjson.Reader{}.Read(text, func(name string, _ strictjson.Value) error {
			names = append(names, name)
			return nil
		})
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("%s: %q, %v; want %q", text, names, err, want)
		}
	}
}

func TestAnErrorOfTheCallerEndsTheReading(t *testing.T) {
	stop, calls := errors.New("enough"), 0
	_, err := strictjson.Reader{}.Read(`{"a":1,"b":2`, func(string, strictjson.Value) error { calls++; return stop })
	if err != stop || calls != 1 {
		t.Errorf("%v after %d calls, want %v after the first", err, calls, stop)
	}
}

func TestItems(t *testing.T) {
	var items []string
	var list strictjson.Value
	if _, err := (strictjson.Reader{}).Read(`{"a":["x", 7, ["y"]]}`, func(_ string, v strictjson.Value) error { list = v; return nil }); err != nil {
		t.Fatal(err)
	}
	err := list.Items(func(v strictjson.Value) error { items = append(items, v.Text); return nil })
	if err != nil || !slices.Equal(items, []string{"x", "7", `["y"]`}) {
		t.Errorf("%q, %v", items, err)
	}
}
