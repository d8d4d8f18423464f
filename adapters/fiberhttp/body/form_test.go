package body

import (
	"fmt"
	"strings"
	"testing"
)

func TestForms(t *testing.T) {
	const prefix = `{"detail":"Form parse error - `
	accepted := map[string]Fields{
		"username=alice%40example.test&password=a+b%2B": {"username": TextValue("alice@example.test"), "password": TextValue("a b+")},
		"&&a=1&":           {"a": TextValue("1")},
		"a":                {"a": TextValue("")},
		"a=b=c":            {"a": TextValue("b=c")},
		"=x":               {"": TextValue("x")},
		"a=1;b=2":          {"a": TextValue("1;b=2")},
		"p=%00%C3%A9":      {"p": TextValue("\x00é")},
		"caf%C3%A9=é":      {"café": TextValue("é")},
		"a=1&A=2&a%20=3":   {"a": TextValue("1"), "A": TextValue("2"), "a ": TextValue("3")},
		`{"username":"a"}`: {`{"username":"a"}`: TextValue("")},
	}
	for body, want := range accepted {
		t.Run(body, func(t *testing.T) {
			members, err := parse(typeForm, body)
			checkFields(t, members, err, want)
		})
	}
	refused := map[string]fault{
		"a=%":                   badEscape,
		"a=%4":                  badEscape,
		"%zz=1":                 badEscape,
		"a=%ff":                 fieldNotUTF8,
		"a=\xff":                fieldNotUTF8,
		"%c3=1":                 fieldNotUTF8,
		"a=%ED%A0%80":           fieldNotUTF8,
		"username=a&username=b": fieldTwice,
		"username=a&%75sername": fieldTwice,
		"x=&x=":                 fieldTwice,
	}
	for body, want := range refused {
		t.Run(body, func(t *testing.T) {
			_, err := parse(typeForm, body)
			checkAnswer(t, err, 400, prefix+string(want)+`"}`)
		})
	}
}

func part(header, content string) string {
	return "--b\r\nContent-Disposition: " + header + "\r\n\r\n" + content + "\r\n"
}

func TestMultipart(t *testing.T) {
	const end = "--b--\r\n"
	a := part(`form-data; name="a"`, "1")
	accepted := []struct {
		name, body string
		want       Fields
	}{
		{"two fields", part(`form-data; name="username"`, "alice@example.test") + part(`form-data; name=password`, " é\r\n\x00 ") + end,
			Fields{"username": TextValue("alice@example.test"), "password": TextValue(" é\r\n\x00 ")}},
		{"empty field", part(`form-data; name="a"`, "") + end, Fields{"a": TextValue("")}},
		{"no field", end, Fields{}},
		{"no line end at the end", a + "--b--", Fields{"a": TextValue("1")}},
		{"as many headers as allowed", part("form-data; name=\"a\"\r\n"+manyHeaders(6)+"Z: z", "1") + end, Fields{"a": TextValue("1")}},
		{"type of its own", part("form-data; name=\"a\"\r\nContent-Type: text/plain", "1") + end, Fields{"a": TextValue("1")}},
		{"harmless transfer encoding", part("form-data; name=\"a\"\r\nContent-Transfer-Encoding: 8BIT", "1") + end, Fields{"a": TextValue("1")}},
		{"percent signs and plus", part(`form-data; name="a"`, "%41+") + end, Fields{"a": TextValue("%41+")}},
		{"file", part(`form-data; name="a"; filename="x.bin"`, "\xff") + end, Fields{"a": {kind: kindFile}}},
		{"file without a name", part(`form-data; name="a"; filename=""`, "") + end, Fields{"a": {kind: kindFile}}},
		{"as many as allowed", manyParts(64) + end, manyFields(64)},
	}
	for _, c := range accepted {
		t.Run(c.name, func(t *testing.T) {
			members, err := parse(typeMultipart, c.body)
			checkFields(t, members, err, c.want)
		})
	}

	refused := []struct {
		name, body string
		want       fault
	}{
		{"not multipart", `{"a":1}`, damagedParts},
		{"no end", a, damagedParts},
		{"only a line", "--b\r\n", damagedParts},
		{"end inside a part", part(`form-data; name="a"`, "x--b--")[:len(part(`form-data; name="a"`, "x--b--"))-2], damagedParts},
		{"other boundary", strings.ReplaceAll(a+end, "--b", "--c"), damagedParts},
		{"text before", "username=a\r\n" + a + end, damagedParts},
		{"text after", a + end + part(`form-data; name="b"`, "2"), damagedParts},
		{"line feeds alone", strings.ReplaceAll(a+end, "\r\n", "\n"), damagedParts},
		{"damaged header", "--b\r\nContent-Disposition\r\n\r\n1\r\n" + end, damagedParts},
		{"no disposition", "--b\r\nContent-Type: text/plain\r\n\r\n1\r\n" + end, badPart},
		{"two dispositions", part("form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"", "1") + end, badPart},
		{"other disposition", part(`attachment; name="a"`, "1") + end, badPart},
		{"no name", part(`form-data`, "1") + end, badPart},
		{"name twice", part(`form-data; name="a"; name="b"`, "1") + end, badPart},
		{"extended name", part(`form-data; name="a"; name*=utf-8''b`, "1") + end, badPart},
		{"extended name in capitals", part(`form-data; name="a"; NAME*0="b"`, "1") + end, badPart},
		{"field twice", a + a + end, fieldTwice},
		{"file and field", part(`form-data; name="a"; filename="x"`, "1") + a + end, fieldTwice},
		{"not UTF-8", part(`form-data; name="a"`, "\xff") + end, fieldNotUTF8},
		{"name not UTF-8", part("form-data; name=\"\xff\"", "1") + end, fieldNotUTF8},
		{"base64", part("form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64", "MQ==") + end, partEncoded},
		{"quoted-printable", part("form-data; name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable", "=31") + end, partEncoded},
		{"too many parts", manyParts(65) + end, tooManyParts},
		{"too many headers", part("form-data; name=\"a\"\r\n"+manyHeaders(7)+"Z: z", "1") + end, tooManyHeaders},
	}
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(typeMultipart, c.body)
			checkAnswer(t, err, 400, `{"detail":"Multipart form parse error - `+string(c.want)+`"}`)
		})
	}

	longest := strings.Repeat("b", 70)
	if _, err := parse("multipart/form-data; boundary="+longest, "--"+longest+"--"); err != nil {
		t.Errorf("the longest boundary is refused: %v", err)
	}
	for _, contentType := range []string{
		"multipart/form-data", `multipart/form-data; boundary=""`,
		"multipart/form-data; boundary=" + strings.Repeat("b", 71),
	} {
		_, err := parse(contentType, a+end)
		checkAnswer(t, err, 400, `{"detail":"Multipart form parse error - `+string(badBoundary)+`"}`)
	}
}

func manyParts(n int) string {
	var parts strings.Builder
	for i := range n {
		parts.WriteString(part(fmt.Sprintf(`form-data; name="f%d"`, i), "x"))
	}
	return parts.String()
}

func manyFields(n int) Fields {
	members := Fields{}
	for i := range n {
		members[fmt.Sprintf("f%d", i)] = TextValue("x")
	}
	return members
}

func manyHeaders(n int) string {
	var headers strings.Builder
	for i := range n {
		fmt.Fprintf(&headers, "X-%d: x\r\n", i)
	}
	return headers.String()
}
