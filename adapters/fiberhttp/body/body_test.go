package body

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

const (
	typeJSON      = "application/json"
	typeForm      = "application/x-www-form-urlencoded"
	typeMultipart = "multipart/form-data; boundary=b"
)

func parse(contentType, body string) (Fields, error) {
	lines := 0
	if contentType != "" {
		lines = 1
	}
	return Parse(contentType, lines, "", []byte(body))
}

// answer returns what the client would get to see of err.
func answer(t *testing.T, err error) (status int, body string) {
	t.Helper()
	refused, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("got error %v, want a *clientError", err)
	}
	return refused.Status, string(refused.Body)
}

func checkAnswer(t *testing.T, err error, wantStatus int, wantBody string) {
	t.Helper()
	if status, body := answer(t, err); status != wantStatus || body != wantBody {
		t.Errorf("got  %d %s\nwant %d %s", status, body, wantStatus, wantBody)
	}
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// The answers were recorded from Django REST framework 3.16.
func TestBodiesAreRefusedAsByDjango(t *testing.T) {
	var cases []struct {
		Case, Type, Body, Answer string
		Read                     []string
		Status                   int
	}
	load(t, "recorded_answers.json", &cases)
	for _, c := range cases {
		t.Run(c.Case, func(t *testing.T) {
			members, err := parse(c.Type, c.Body)
			if err == nil {
				err = readAll(members, c.Read)
			}
			checkAnswer(t, err, c.Status, c.Answer)
		})
	}
}

func readAll(members Fields, names []string) error {
	in := members.Read()
	for _, name := range names {
		switch name {
		case "password":
			in.Password(name)
		case "refresh":
			in.Token(name)
		default:
			in.Text(name, 254)
		}
	}
	return in.Err()
}

func TestMediaTypes(t *testing.T) {
	const unsupported = `{"detail":"Unsupported media type \"%s\" in request."}`
	long := strings.Repeat("x", 99)
	cases := []struct {
		contentType string
		quoted      string // in the refusal; "" for a type that must be accepted
	}{
		{"application/json", ""},
		{"APPLICATION/JSON", ""},
		{" application/json ; charset=UTF-8", ""},
		{`application/json;charset="utf-8"`, ""},
		{"application/json;", ""},
		{"application/json; version=1", ""},
		{"application/json; charset=latin-1", "application/json; charset=latin-1"},
		{"application/json;charset=utf-16", "application/json;charset=utf-16"},
		{"application/json; charset=", "application/json; charset="},
		{"application/json; charset=utf-8; charset=utf-16", "application/json; charset=utf-8; charset=utf-16"},
		{"application/json, text/plain", "application/json, text/plain"},
		{"application/jsonp", "application/jsonp"},
		{"application/json/x", "application/json/x"},
		{"text/json", "text/json"},
		{"*/*", "*/*"},
		{"<b>&", "<b>&"},
		{`a"b\c`, `a\"b\\c`},
		{"text/é\u202f\x00\r\n\x7f\u0085x", "text/é\u202fx"},
		{"text/\xff\xfe\xfdx", "text/?x"},
		{long + "yz", long + "y"},
		{long + "é", long + "?"},
	}
	for _, c := range cases {
		t.Run(c.contentType, func(t *testing.T) {
			_, err := parse(c.contentType, "{}")
			if c.quoted != "" {
				checkAnswer(t, err, 415, fmt.Sprintf(unsupported, c.quoted))
			} else if err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}

	t.Run("two lines", func(t *testing.T) {
		_, err := Parse(typeJSON, 2, "", []byte("{}"))
		checkAnswer(t, err, 415, fmt.Sprintf(unsupported, typeJSON))
	})
}

// ASCII is UTF-8 as well; every other character set could read the bytes differently.
func TestCharacterSets(t *testing.T) {
	bodies := map[string]string{
		typeJSON:      `{"a":"Māui"}`,
		typeForm:      "a=M%C4%81ui",
		typeMultipart: part(`form-data; name="a"`, "Māui") + "--b--\r\n",
	}
	good := []string{"utf-8", "UTF-8", "utf8", "UTF8", "Utf_8", `"utf-8"`, `"utf8"`, "us-ascii", "US-ASCII", `"us-ascii"`}
	bad := []string{"koi8-r", "utf-16", "UTF16", "utf-7", "utf-80", "cp65001", "ascii", "iso-8859-1", `""`, `" utf-8"`, "utf-8\u200b", "us-a\u017fcii"}
	for mediaType, body := range bodies {
		for _, charset := range good {
			got, err := parse(mediaType+"; charset="+charset, body)
			if err != nil || got["a"].Text.Reveal() != "Māui" {
				t.Errorf("%s in %s: %v, %v", mediaType, charset, got["a"], err)
			}
		}
		for _, charset := range bad {
			_, err := parse(mediaType+"; charset="+charset, body)
			if status, _ := answer(t, err); status != 415 {
				t.Errorf("%s in %s: %d, want 415", mediaType, charset, status)
			}
		}
	}
}

func TestContentEncodings(t *testing.T) {
	for _, encoding := range []string{"", "identity", "Identity"} {
		if _, err := Parse(typeJSON, 1, encoding, []byte("{}")); err != nil {
			t.Errorf("%q refused: %v", encoding, err)
		}
	}
	for _, encoding := range []string{"gzip", "br", "deflate", "zstd", "identity, gzip", "identity,identity", "x"} {
		_, err := Parse(typeJSON, 1, encoding, []byte("{}"))
		checkAnswer(t, err, 415, `{"detail":"Unsupported content encoding in request."}`)
	}
}

func TestNoBodyHasNoFields(t *testing.T) {
	for _, contentType := range []string{"", typeJSON, "text/plain", "multipart/form-data", "\xff"} {
		members, err := Parse(contentType, 2, "gzip", nil)
		if err != nil || len(members) != 0 || members.Has("username") {
			t.Errorf("%q: got %d fields, error %v", contentType, len(members), err)
		}
	}
}

// show writes fields as name=kind:text, sorted; a password may be shown in a test.
func show(members Fields) string {
	var shown []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		v := members[name]
		shown = append(shown, fmt.Sprintf("%q=%d:%q", name, v.kind, v.Text.Reveal()))
	}
	return strings.Join(shown, " ")
}

func checkFields(t *testing.T, members Fields, err error, want Fields) {
	t.Helper()
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	if show(members) != show(want) {
		t.Errorf("got  %s\nwant %s", show(members), show(want))
	}
}

func TestFieldsOutliveTheBody(t *testing.T) {
	for contentType, body := range map[string]string{
		typeJSON:      `{"username":"alice","pass\u0077ord":"se\u0063ret","n":12345}`,
		typeForm:      "username=alice&password=secret&n=12345",
		typeMultipart: part(`form-data; name="username"`, "alice") + part(`form-data; name="password"`, "secret") + part(`form-data; name="n"`, "12345") + "--b--",
	} {
		buffer := []byte(body)
		members, err := Parse(contentType, 1, "", buffer)
		if err != nil {
			t.Fatalf("%s: %v", contentType, err)
		}
		for i := range buffer {
			buffer[i] = '!'
		}
		in := members.Read()
		got := []string{in.Text("username", 254), in.Password("password").Reveal(), in.Text("n", 254)}
		if want := []string{"alice", "secret", "12345"}; !slices.Equal(got, want) || in.Err() != nil {
			t.Errorf("%s: got %q, %v, want %q", contentType, got, in.Err(), want)
		}
	}
}

func TestNothingPrintsWhatTheBodyHolds(t *testing.T) {
	const secret = "correct horse battery staple"
	members, err := parse(typeJSON, `{"password":"`+secret+`","n":[{"p":"`+secret+`"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	_, faulty := parse(typeJSON, `{"password":"`+secret+`"`)
	_, unsupported := parse(secret, "x")
	in := members.Read()
	in.Token("n")
	for _, printed := range []any{members, members["password"], in, faulty, unsupported.Error(), in.Err()} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			if out := fmt.Sprintf(verb, printed); strings.Contains(out, secret) || strings.Contains(out, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %T prints the password: %s", verb, printed, out)
			}
		}
	}
	if _, body := answer(t, faulty); strings.Contains(body, secret) {
		t.Errorf("the answer quotes the body: %s", body)
	}
}

func benchmarkBody(b *testing.B, body string) {
	buffer := []byte(body)
	b.SetBytes(int64(len(buffer)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(typeJSON, 1, "", buffer); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseBody(b *testing.B) {
	var hostile strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&hostile, `"%x":0,`, i)
	}
	for name, body := range map[string]string{
		"obtain":  `{"username":"alice@example.test","password":"correct horse battery staple","x":1}`,
		"escaped": `{"username":"alice@example.test","password":"\u00e9\u00e9 \"quoted\"","x":1}`,
		"hostile": `{"x":{` + hostile.String() + `"":0}}`,
		"refresh": `{"refresh":"` + strings.Repeat("eyJhbGciOiJIUzI1NiJ9.", 24) + `"}`,
	} {
		b.Run(name, func(b *testing.B) { benchmarkBody(b, body) })
	}
}
