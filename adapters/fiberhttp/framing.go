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
// Transfer-Encoding where there is a Content-Length too, takes a line feed for the end of a
// line, and joins folded lines, as RFC 9112 allows in 6.3, 2.2 and 5.2; nobody who means
// well sends any of that.
func plainlyFramed(headers []byte) bool {
	length, chunked := false, false
	for len(headers) > 0 {
		line, rest, found := bytes.Cut(headers, []byte("\n"))
		if !found || len(line) == 0 || line[len(line)-1] != '\r' || line[0] == ' ' || line[0] == '\t' {
			return false
		}
		length = length || isNamed(line, "content-length:")
		chunked = chunked || isNamed(line, "transfer-encoding:")
		headers = rest
	}
	return !length || !chunked
}

// isNamed reports whether the line of a header starts with a name, given in lower case and
// with its colon, before which the parser lets no space pass.
func isNamed(line []byte, name string) bool {
	return len(line) >= len(name) && line[0]|0x20 == name[0] && bytes.EqualFold(line[:len(name)], []byte(name))
}
