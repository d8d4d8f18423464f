package body

import (
	"mime"
	"net/http"
	"strings"
	"unicode"

	"gatehouse/domain"
)

// Fields are the members of a request body by their exact names.
type Fields map[string]value

// has reports whether the body names the field, with whatever value.
func (f Fields) Has(name string) bool { return f[name].kind != kindAbsent }

// A value is what the body holds under one name. It shares no memory with the body, and
// since it may be a password or a token it cannot be printed.
type value struct {
	kind kind
	// surrogate is the first half of a surrogate pair that a JSON string escapes alone, or zero.
	// The text has U+FFFD there, as in most parsers.
	surrogate rune
	// text is a string as it was sent, or a number as Python's str writes it.
	Text domain.Secret
}

// blank reports whether the value has no text, or nothing but white space.
func (v value) Blank() bool { return pythonStrip(v.Text.Reveal()) == "" }

func TextValue(s string) value { return value{kind: kindText, Text: domain.NewSecret(s)} }

// A kind is the sort of a value.
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
	kindFile // an uploaded one, in multipart
)

// A fault is why a body cannot be read, in words for the client. It never quotes.
type fault string

func (f fault) Error() string { return string(f) }

// Parse reads the fields of a request. contentType and contentEncoding are the
// header values as sent, "" for none; contentTypeLines counts the Content-Type lines.
// Nothing that it returns refers to body.
//
// Two parsers must never disagree about who signs in (ASVS 15.3.7): whatever another
// parser might read differently is refused. An empty body has no fields, whatever its
// type. Any error is a [Refusal].
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

// utf8Charset reports whether the body says that it is UTF-8, or ASCII, which is UTF-8 as well.
func utf8Charset(params map[string]string) bool {
	charset, given := params["charset"]
	switch strings.ToLower(charset) {
	case "utf-8", "utf8", "utf_8", "us-ascii":
		return true
	}
	return !given
}

// maxQuotedType is how many bytes of a Content-Type are sent back.
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
