package body

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

const (
	// maxParts is how many fields a multipart body may have.
	maxParts = 64
	// maxPartHeaders is how many headers a part may have. Browsers send two.
	maxPartHeaders = 8
	// maxBoundary is how many bytes a boundary may have (RFC 2046, 5.1.1).
	maxBoundary = 70
)

// The faults of both kinds of forms.
const (
	badEscape      = fault("a percent sign is not followed by two hex digits")
	fieldNotUTF8   = fault("a field is not valid UTF-8")
	fieldTwice     = fault("a field appears twice")
	badBoundary    = fault("the boundary is missing or not valid")
	damagedParts   = fault("the body does not fit its boundary")
	badPart        = fault("a part is damaged or has no name")
	partEncoded    = fault("a part has a transfer encoding")
	tooManyParts   = fault("there are too many parts")
	tooManyHeaders = fault("a part has too many headers")
)

// parseForm reads application/x-www-form-urlencoded. Only & separates fields: a semicolon is text.
func parseForm(body []byte) (Fields, error) {
	members := Fields{}
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		if len(pair) == 0 {
			continue
		}
		if err := members.addPair(pair); err != nil {
			return nil, Refuse(http.StatusBadRequest, "Form parse error - "+err.Error())
		}
	}
	return members, nil
}

func (f Fields) addPair(pair []byte) error {
	rawName, rawText, _ := bytes.Cut(pair, []byte("="))
	name, err := url.QueryUnescape(string(rawName))
	if err != nil {
		return badEscape
	}
	content, err := url.QueryUnescape(string(rawText))
	if err != nil {
		return badEscape
	}
	return f.add(name, content)
}

// add adds a text field of a form.
func (f Fields) add(name, content string) error {
	switch {
	case !utf8.ValidString(name) || !utf8.ValidString(content):
		return fieldNotUTF8
	case f.Has(name):
		return fieldTwice
	}
	f[name] = TextValue(content)
	return nil
}

// parseMultipart reads multipart/form-data (RFC 7578). It refuses text before the first boundary
// and after the last: a field could hide there from another parser.
func parseMultipart(boundary string, body []byte) (Fields, error) {
	members, err := readMultipart(boundary, body)
	if err != nil {
		return nil, Refuse(http.StatusBadRequest, "Multipart form parse error - "+err.Error())
	}
	return members, nil
}

func readMultipart(boundary string, body []byte) (Fields, error) {
	if boundary == "" || len(boundary) > maxBoundary {
		return nil, badBoundary
	}
	opening, closing := []byte("--"+boundary+"\r\n"), []byte("--"+boundary+"--")
	_, after, closed := bytes.Cut(body, closing)
	if !closed || strings.TrimSpace(string(after)) != "" {
		return nil, damagedParts
	}
	if !bytes.HasPrefix(body, opening) && !bytes.HasPrefix(body, closing) {
		return nil, damagedParts
	}
	return readParts(multipart.NewReader(bytes.NewReader(body), boundary))
}

func readParts(parts *multipart.Reader) (Fields, error) {
	members := Fields{}
	for range maxParts {
		part, err := parts.NextRawPart()
		switch {
		case err == io.EOF: // the closing boundary; a body that is cut off gives a wrapped io.EOF
			return members, nil
		case err != nil:
			return nil, damagedParts
		}
		if err := members.addPart(part); err != nil {
			return nil, err
		}
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		return nil, tooManyParts
	}
	return members, nil
}

func (f Fields) addPart(part *multipart.Part) error {
	name, isFile, err := disposition(part)
	if err != nil {
		return err
	}
	content, err := io.ReadAll(part)
	if err != nil {
		return damagedParts
	}
	if !isFile {
		return f.add(name, string(content))
	}
	// A file is never used, so its content need not be text.
	if err := f.add(name, ""); err != nil {
		return err
	}
	f[name] = value{kind: kindFile}
	return nil
}

// disposition reads the name of a part from its headers, and whether it is a file.
func disposition(part *multipart.Part) (name string, isFile bool, err error) {
	if len(part.Header) > maxPartHeaders {
		return "", false, tooManyHeaders
	}
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default: // deprecated (RFC 7578, 4.7), and not every parser decodes it
		return "", false, partEncoded
	}
	lines := part.Header["Content-Disposition"]
	if len(lines) != 1 || strings.Contains(strings.ToLower(lines[0]), "name*") {
		return "", false, badPart // some parsers take name* (RFC 2231) for a second name
	}
	kind, params, err := mime.ParseMediaType(lines[0])
	name, named := params["name"]
	if err != nil || kind != "form-data" || !named {
		return "", false, badPart
	}
	_, isFile = params["filename"]
	return name, isFile, nil
}
