package body

import (
	"strings"
	"testing"
)

func mustParse(t *testing.T, body string) Fields {
	t.Helper()
	members, err := parse(typeJSON, body)
	if err != nil {
		t.Fatalf("%s refused: %v", body, err)
	}
	return members
}

func TestTextIsReadAsByCharField(t *testing.T) {
	cases := []struct{ name, json, want string }{
		{"text", `"alice"`, "alice"},
		{"trimmed", `" \n alice b\t"`, "alice b"},
		{"integer", `12345678901234`, "12345678901234"},
		{"long integer", strings.Repeat("9", 200), strings.Repeat("9", 200)},
		{"negative integer", `-1`, "-1"},
		{"zero", `0`, "0"},
		{"negative zero", `-0`, "0"},
		{"float", `1.50`, "1.5"},
		{"negative zero float", `-0.0`, "-0.0"},
		{"exponent", `1e5`, "100000.0"},
		{"infinite", `1e999`, "inf"},
		{"escapes", `"\"\\\/\b\f\n\r\t\u00e9\u00E9x"`, "\"\\/\b\f\n\r\téé" + "x"},
		{"surrogate pair", `"a\ud83d\ude00b"`, "a😀b"},
		{"surrogate pair in capitals", `"\uD83D\uDE00"`, "😀"},
		{"raw UTF-8", `"é😀"`, "é😀"},
		{"escaped replacement character", `"\ufffd"`, "\ufffd"},
		{"noncharacter", `"\ufffe"`, "\ufffe"},
		{"delete", "\"a\x7fb\"", "a\x7fb"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := mustParse(t, `{"a":`+c.json+`}`).Read()
			if got := in.Text("a", 254); got != c.want || in.Err() != nil {
				t.Errorf("got %q, %v, want %q", got, in.Err(), c.want)
			}
		})
	}
}

func TestPasswordsAreTakenByteForByte(t *testing.T) {
	for json, want := range map[string]string{
		`"  padded\t"`:          "  padded\t",
		`"\u00a0é\u001c"`:       "\u00a0é\x1c",
		`"\r\nline\r\n"`:        "\r\nline\r\n",
		`"e\u0301"`:             "e\u0301",
		`" \ud83d\ude00\ufeff"`: " 😀\ufeff",
		`12345678901234`:        "12345678901234",
		`1.5`:                   "1.5",
	} {
		in := mustParse(t, `{"password":`+json+`}`).Read()
		if got := in.Password("password").Reveal(); got != want || in.Err() != nil {
			t.Errorf("%s: got %q, %v, want %q", json, got, in.Err(), want)
		}
	}
}

func TestEveryFaultOfAField(t *testing.T) {
	const (
		required  = `"This field is required."`
		null      = `"This field may not be null."`
		notString = `"Not a valid string."`
		blank     = `"This field may not be blank."`
		nul       = `"Null characters are not allowed."`
	)
	username := func(in *Reader) string { return in.Text("f", 254) }
	password := func(in *Reader) string { return in.Password("f").Reveal() }
	token := func(in *Reader) string { return in.Token("f").Reveal() }
	optional := func(in *Reader) string { s, _ := in.OptionalText("f", 254); return s }
	surrogate := func(code string) string { return `"Surrogate characters are not allowed: U+` + code + `."` }
	tooLong := func(limit string) string { return `"Ensure this field has no more than ` + limit + `."` }

	cases := []struct {
		name string
		read func(*Reader) string
		json string // of the field; "" if it is missing
		want string
	}{
		{"missing text", username, ``, required},
		{"missing password", password, ``, required},
		{"missing token", token, ``, required},
		{"null", username, `null`, null},
		{"null password", password, `null`, null},
		{"null, optional", optional, `null`, null},
		{"true", username, `true`, notString},
		{"false", password, `false`, notString},
		{"list", token, `["x"]`, notString},
		{"empty list", username, `[]`, notString},
		{"object", password, `{"$ne":""}`, notString},
		{"blank", username, `""`, blank},
		{"blank, optional", optional, `" "`, blank},
		{"white space", token, `"\n\u2003"`, blank},
		{"password of white space", password, `" \u00a0\u001f"`, blank},
		{"NUL", username, `"a\u0000b"`, nul},
		{"NUL alone", token, `"\u0000"`, nul},
		{"NUL in password", password, `"x\u0000"`, nul},
		{"high surrogate", username, `"\ud800"`, surrogate("D800")},
		{"low surrogate", password, `"a\udfffb"`, surrogate("DFFF")},
		{"the first of several", username, `"\udc00\ud800"`, surrogate("DC00")},
		{"pair after a lone one", token, `"\ud800\ud83d\ude00"`, surrogate("D800")},
		{"lone one and another escape", username, `"\udbff\n"`, surrogate("DBFF")},
		{"lone one and another character", username, `"\ud83d\u0041"`, surrogate("D83D")},
		{"NUL and surrogate", username, `"\u0000\ud800"`, nul + "," + surrogate("D800")},
		{"long text", username, `"` + strings.Repeat("é", 255) + `"`, tooLong("254 characters")},
		{"long integer", username, strings.Repeat("1", 255), tooLong("254 characters")},
		{"long text with NUL", username, `"\u0000` + strings.Repeat("x", 254) + `"`, tooLong("254 characters") + "," + nul},
		{"long password", password, `"` + strings.Repeat("é", 513) + `"`, tooLong("1024 bytes")},
		{"long token", token, `"` + strings.Repeat("x", 8193) + `"`, tooLong("8192 characters")},
		{"long blank", username, `"` + strings.Repeat(" ", 300) + `"`, blank},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body := `{"f":` + c.json + `}`
			if c.json == "" {
				body = `{"F":"x","f ":"x"}`
			}
			in := mustParse(t, body).Read()
			if got := c.read(in); got != "" {
				t.Errorf("got %q of a field at fault", got)
			}
			checkAnswer(t, in.Err(), 400, `{"f":[`+c.want+`]}`)
		})
	}
}

func TestLongestValues(t *testing.T) {
	characters, bytes, token := strings.Repeat("é", 254), strings.Repeat("é", 512), strings.Repeat("x", 8192)
	in := mustParse(t, `{"c":"  `+characters+` ","b":"`+bytes+`","t":" `+token+`"}`).Read()
	if in.Text("c", 254) != characters || in.Password("b").Reveal() != bytes || in.Token("t").Reveal() != token {
		t.Error("a value of the greatest length is not read whole")
	}
	if in.Err() != nil {
		t.Errorf("refused: %v", in.Err())
	}
}

func TestOptionalText(t *testing.T) {
	in := mustParse(t, `{"a":" x ","b":""}`).Read()
	if s, given := in.OptionalText("missing", 254); s != "" || given || in.Err() != nil {
		t.Errorf("missing: got %q, %t, %v", s, given, in.Err())
	}
	if s, given := in.OptionalText("a", 254); s != "x" || !given || in.Err() != nil {
		t.Errorf("given: got %q, %t, %v", s, given, in.Err())
	}
}

func TestHas(t *testing.T) {
	members := mustParse(t, `{"null":null,"blank":"","list":[]}`)
	for _, name := range []string{"null", "blank", "list"} {
		if !members.Has(name) {
			t.Errorf("does not have %q", name)
		}
	}
	if members.Has("Null") || members.Has("") {
		t.Error("has a field that was not given")
	}
}

func TestAllFaultsAreToldInTheOrderOfAsking(t *testing.T) {
	members, err := parse(typeMultipart, part(`form-data; name="old_password"; filename="x"`, "secret")+part(`form-data; name="new_password"`, "")+"--b--")
	if err != nil {
		t.Fatal(err)
	}
	in := members.Read()
	in.Text("username", 254)
	in.Password("old_password")
	in.Password("new_password")
	checkAnswer(t, in.Err(), 400, `{"username":["This field is required."],"old_password":["Not a valid string."],"new_password":["This field may not be blank."]}`)
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	in := mustParse(t, `{"a":"x","is_admin":true,"b":{"a":null,"":"\ud800\u0000"}}`).Read()
	if got := in.Text("a", 254); got != "x" || in.Err() != nil {
		t.Errorf("got %q, %v", got, in.Err())
	}
}

func TestPythonStrip(t *testing.T) {
	// Every character for which Python 3.11 says isspace().
	const space = "\t\n\v\f\r\x1c\x1d\x1e\x1f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
	for _, char := range space {
		if got := pythonStrip(string(char) + "x" + string(char)); got != "x" {
			t.Errorf("%U is not trimmed", char)
		}
	}
	for char := rune(0); char <= 0x10ffff; char++ {
		if !strings.ContainsRune(space, char) && pythonStrip(string(char)) == "" {
			t.Errorf("%U is trimmed", char)
		}
	}
}

func TestPythonFloat(t *testing.T) {
	var cases [][2]string // literal, str(json.loads(literal)) in Python 3.11
	load(t, "python_floats.json", &cases)
	for _, c := range cases {
		if got := pythonFloat(c[0]); got != c[1] {
			t.Errorf("%s: got %s, want %s", c[0], got, c[1])
		}
	}
}
