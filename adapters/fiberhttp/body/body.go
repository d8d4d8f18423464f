// Package body reads the bodies of requests: JSON, forms and multipart forms. It answers faults in
// the words of Django REST framework, which apps of the shop know, and is stricter than it where
// two parsers could disagree.
//
//   - body.go: [Parse] chooses the parser by Content-Type;
//   - json.go, form.go: the parsers;
//   - fields.go: a [Reader] takes out what a handler needs and collects the faults;
//   - python.go: numbers and white space as Python writes and trims them;
//   - refusal.go: a [Refusal] is the whole answer to a request that is refused for its form.
package body

import (
	"mime"
	"net/http"
	"strings"
	"unicode"

	"gatehouse/domain"
)

// Fields are the members of a request body by name. Names match exactly, case included.
type Fields map[string]value

// Has reports whether the body has the field, even if its value is null or blank.
func (f Fields) Has(name string) bool { return f[name].kind != kindAbsent }

// A Value is what the body holds under one name. It is a copy, so it outlives the body. It may be a
// password or a token, so its text is a [domain.Secret] and does not print.
type value struct {
	kind kind
	// surrogate is the first lone half of a surrogate pair in a JSON string, or zero. The text has
	// U+FFFD in its place.
	surrogate rune
	// text is a string as it was sent, or a number as Python's str writes it.
	Text domain.Secret
}

// blank reports whether the value has no text, or nothing but white space.
func (v value) Blank() bool { return pythonStrip(v.Text.Reveal()) == "" }

// TextValue is a value that was sent as text, such as one of a form or a cookie.
func TextValue(s string) value { return value{kind: kindText, Text: domain.NewSecret(s)} }

// A kind is the type of a value.
type kind uint8

const (
	kindAbsent kind = iota
	kindNull
	kindBoolean
	kindInteger
	kindFloat
	kindText
	kindList
	kindObject
	kindFile // a file uploaded by multipart
)

// A fault says in words for the client why a body cannot be read. It never quotes the body, which
// may hold a password.
type fault string

func (f fault) Error() string { return string(f) }

// Parse reads the fields of a request. contentType and contentEncoding are the header values as
// sent, "" if there is none. contentTypeLines counts the Content-Type headers: two are refused. What
// Parse returns shares no memory with body.
//
// It refuses everything that another parser might read differently, because two parsers must never
// disagree about who signs in (ASVS 15.3.7). An empty body has no fields, whatever its type.
// Every error is a [*Refusal]: 415 for the type or the encoding, 400 for the content.
func Parse(contentType string, contentTypeLines int, contentEncoding string, body []byte) (Fields, error) {
	if len(body) == 0 {
		return nil, nil
	}
	if contentEncoding != "" && !strings.EqualFold(contentEncoding, "identity") {
		return nil, Refuse(http.StatusUnsupportedMediaType, "Unsupported content encoding in request.")
	}
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil || contentTypeLines > 1 || !utf8Charset(params) {
		return nil, unsupportedMediaType(contentType)
	}
	switch mediaType {
	case "application/json":
		return parseJSON(body)
	case "application/x-www-form-urlencoded":
		return parseForm(body)
	case "multipart/form-data":
		return parseMultipart(params["boundary"], body)
	}
	return nil, unsupportedMediaType(contentType)
}

// utf8Charset reports whether the charset is missing or UTF-8. ASCII is UTF-8 too.
func utf8Charset(params map[string]string) bool {
	charset, given := params["charset"]
	switch strings.ToLower(charset) {
	case "utf-8", "utf8", "utf_8", "us-ascii":
		return true
	}
	return !given
}

// maxQuotedType is how many bytes of an unknown Content-Type the answer repeats.
const maxQuotedType = 100

func unsupportedMediaType(contentType string) *Refusal {
	quoted := strings.ToValidUTF8(contentType[:min(len(contentType), maxQuotedType)], "?")
	quoted = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, quoted)
	return Refuse(http.StatusUnsupportedMediaType, `Unsupported media type "`+quoted+`" in request.`)
}
