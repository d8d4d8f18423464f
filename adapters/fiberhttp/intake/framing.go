package intake

import (
	"bytes"
	"errors"
)

// ErrFraming refuses a request that a proxy in front may have read differently.
var errFraming = errors.New("the end of the request is not clear")

// CheckFraming returns [ErrFraming] unless every reader of these headers, given as they were sent,
// finds the same lines and the same end of the body. Otherwise a proxy in front could take the
// start of the next request, perhaps another person's, for the end of this one: request smuggling
// (RFC 9112, 11.2).
//
// RFC 9112 (2.2, 5.2, 6.3) lets a server accept each of these, and our parser does: a
// Transfer-Encoding beside a Content-Length, the encoding "identity", lines that end with a line
// feed alone, and folded lines. No honest client sends them, so they are refused here.
func CheckFraming(headers []byte) error {
	length, chunked := false, false
	for len(headers) > 0 {
		line, rest, found := bytes.Cut(headers, []byte("\n"))
		if !found || len(line) == 0 || line[len(line)-1] != '\r' || line[0] == ' ' || line[0] == '\t' {
			return errFraming
		}
		if encoding, is := valueOf(line, "transfer-encoding:"); is {
			if chunked = bytes.EqualFold(encoding, []byte("chunked")); !chunked {
				return errFraming
			}
		}
		_, is := valueOf(line, "content-length:")
		length = length || is
		headers = rest
	}
	if length && chunked {
		return errFraming
	}
	return nil
}

// valueOf returns the value of a header line that has the given name. The name is in lower case
// and ends with the colon: the parser has refused spaces before it.
func valueOf(line []byte, name string) (value []byte, is bool) {
	if len(line) < len(name) || line[0]|0x20 != name[0] || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.Trim(line[len(name):], " \t\r"), true
}
