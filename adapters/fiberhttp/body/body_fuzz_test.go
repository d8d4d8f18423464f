package body

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// A body of JSON is accepted exactly if the standard library accepts it and none of our
// own rules forbids it, and then both read the same.
func FuzzJSONBody(f *testing.F) {
	for _, seed := range []string{
		`{"username":"alice@example.test","password":"correct horse","x":[1,-0.5e+3,true,null,{"a":{}}]}`,
		`{"a":"\u00e9\ud83d\ude00\ud800\\\"\/\b\f\n\r\t","\u0061":1}`,
		`{"a":{"b":1,"b":2}}`, ` [ ] `, `null`, `-0`, `1e999`, `{"a":01}`, "\ufeff{}", "{\"\xff\":1}", `{"\ud800":1,"\udc00":2}`,
		strings.Repeat("[", 33) + strings.Repeat("]", 33),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		members, err := Parse(typeJSON, 1, "", bytes.Clone(body))
		if err != nil {
			checkRefusal(t, err)
		}
		if len(body) == 0 {
			return
		}
		var want map[string]json.RawMessage
		isObject := strictJSON(body) && json.Unmarshal(body, &want) == nil && want != nil
		if isObject != (err == nil) {
			t.Fatalf("got %v, but the body may be accepted: %t", err, isObject)
		}
		if len(members) != len(want) {
			t.Fatalf("got %d members, want %d", len(members), len(want))
		}
		for name, raw := range want {
			checkValue(t, members[name], raw)
		}
		checkReading(t, members)
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	status, body := answer(t, err)
	if status != 400 || !json.Valid([]byte(body)) {
		t.Fatalf("refused with %d %s", status, body)
	}
}

// strictJSON is the oracle: what encoding/json takes, less what must be refused.
func strictJSON(body []byte) bool {
	if !utf8.Valid(body) || !json.Valid(body) {
		return false
	}
	type level struct {
		names map[string]bool // nil in a list
		value bool            // the next string in an object is a value
	}
	levels := []level{{}}
	tokens := json.NewDecoder(bytes.NewReader(body))
	tokens.UseNumber()
	for {
		token, err := tokens.Token()
		if err != nil {
			return err == io.EOF
		}
		at := &levels[len(levels)-1]
		if name, ok := token.(string); ok && at.names != nil && !at.value {
			if at.names[name] {
				return false
			}
			at.names[name], at.value = true, true
			continue
		}
		at.value = false
		switch token := token.(type) {
		case json.Delim:
			switch token {
			case '{':
				levels = append(levels, level{names: map[string]bool{}})
			case '[':
				levels = append(levels, level{})
			default:
				levels = levels[:len(levels)-1]
			}
			if len(levels)-1 > 32 {
				return false
			}
		case json.Number:
			digits := strings.TrimPrefix(string(token), "-")
			if !strings.ContainsAny(digits, ".eE") && len(digits) > 4300 {
				return false
			}
		}
	}
}

func checkValue(t *testing.T, got value, raw json.RawMessage) {
	t.Helper()
	wantKind := map[byte]kind{'"': kindText, '{': kindObject, '[': kindList, 'n': kindNull, 't': kindBoolean, 'f': kindBoolean}[raw[0]]
	if wantKind == kindAbsent {
		wantKind = kindInteger
		if bytes.ContainsAny(raw, ".eE") {
			wantKind = kindFloat
		}
	}
	if got.kind != wantKind {
		t.Fatalf("%s: got kind %d, want %d", raw, got.kind, wantKind)
	}
	var want string
	if got.kind == kindText && (json.Unmarshal(raw, &want) != nil || got.Text.Reveal() != want) {
		t.Fatalf("%s: got %q", raw, got.Text.Reveal())
	}
}

// checkReading reads every field in every way.
func checkReading(t *testing.T, members Fields) {
	t.Helper()
	for name := range members {
		in := members.Read()
		texts := []string{in.Text(name, 254), in.Password(name).Reveal(), in.Token(name).Reveal()}
		if in.Err() != nil {
			checkRefusal(t, in.Err())
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Fatalf("%q reads as %q", name, s)
			}
		}
	}
}

func FuzzFormBody(f *testing.F) {
	for _, seed := range []string{"username=a%40b&password=+%2B", "a=1&a=2", "&&=&a", "a=%zz", "%c3%a9=%ff", "a;b=c", `{"a":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		members, err := Parse(typeForm, 1, "", bytes.Clone(body))
		if err != nil {
			checkRefusal(t, err)
		}
		// The standard library refuses a bare semicolon; to us it is a character.
		want, parseErr := url.ParseQuery(strings.ReplaceAll(string(body), ";", "%3b"))
		acceptable := parseErr == nil
		for name, values := range want {
			acceptable = acceptable && len(values) == 1 && utf8.ValidString(name) && utf8.ValidString(values[0])
		}
		if acceptable != (err == nil) {
			t.Fatalf("got %v, but the body may be accepted: %t", err, acceptable)
		}
		if err == nil && len(members) != len(want) {
			t.Fatalf("got %d fields, want %d", len(members), len(want))
		}
		for name, v := range members {
			if v.Text.Reveal() != want.Get(name) {
				t.Fatalf("%q: got %q, want %q", name, v.Text.Reveal(), want.Get(name))
			}
		}
		checkReading(t, members)
	})
}

func FuzzMultipartBody(f *testing.F) {
	a := part(`form-data; name="a"`, "1")
	for _, seed := range []string{
		a + part(`form-data; name="b"; filename="x"`, "\xff") + "--b--\r\n", a + a + "--b--", "--b--", a, "x" + a + "--b--",
		part("form-data; name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable", "=41") + "--b--",
	} {
		f.Add(typeMultipart, []byte(seed))
	}
	f.Add(`multipart/form-data; boundary="b c"`, []byte("--b c\r\n"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		mediaType, params, err := mime.ParseMediaType(contentType)
		if err != nil || mediaType != "multipart/form-data" || params["charset"] != "" {
			return
		}
		members, err := Parse(contentType, 1, "", bytes.Clone(body))
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if len(body) == 0 {
			return
		}
		checkReading(t, members)
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatalf("accepted, but the standard library says %v", err)
		}
		for name, v := range members {
			if values := form.Value[name]; v.kind == kindText && name != "" && (len(values) != 1 || values[0] != v.Text.Reveal()) {
				t.Fatalf("%q: got %q, want %q", name, v.Text.Reveal(), values)
			}
		}
	})
}
