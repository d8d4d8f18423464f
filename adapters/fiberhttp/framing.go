package fiberhttp

import (
	"bytes"
	"errors"
)

// errFraming is what is wrong with a request that a proxy may have read otherwise.
var errFraming = errors.New("the end of the request is a matter of opinion")

// plainlyFramed reports whether everybody who reads the headers of a request sees the same
// lines, and the same end of its body: otherwise a proxy in front might take for part of
// one request what is the next one here, somebody else's (RFC 9112, 11.2). The parser obeys
// Transfer-Encoding where there is a Content-Length too, knows an encoding that does
// nothing, takes a line feed for the end of a line, and joins folded lines: RFC 9112 leaves
// that to servers (2.2, 5.2, 6.3), and nobody who means well sends it.
func plainlyFramed(headers []byte) bool {
	length, chunked := false, false
	for len(headers) > 0 {
		line, rest, found := bytes.Cut(headers, []byte("\n"))
		if !found || len(line) == 0 || line[len(line)-1] != '\r' || line[0] == ' ' || line[0] == '\t' {
			return false
		}
		if encoding, is := valueOf(line, "transfer-encoding:"); is {
			if chunked = bytes.EqualFold(encoding, []byte("chunked")); !chunked {
				return false
			}
		}
		_, is := valueOf(line, "content-length:")
		length = length || is
		headers = rest
	}
	return !length || !chunked
}

// valueOf returns the value of the line of a header if that has the name, given in lower
// case and with its colon, before which the parser lets no space pass.
func valueOf(line []byte, name string) (value []byte, is bool) {
	if len(line) < len(name) || line[0]|0x20 != name[0] || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.Trim(line[len(name):], " \t\r"), true
}
