package pages

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// maxNextLength is the most bytes that a ?next= may have.
const maxNextLength = 2000

// GoOn returns next, or where people go who did not ask for a place.
func (p *Pages) GoOn(next string) string {
	if next == "" {
		return p.SignInRedirect
	}
	return next
}

// MayLeadTo reports whether every browser that follows the address stays at our own origin or at an
// allowed one. It compares the text itself, because the text is what is sent, and parsers differ.
func (p *Pages) MayLeadTo(address string) bool {
	if len(address) > maxNextLength || strings.ContainsFunc(address, notPlain) {
		return false
	}
	if samePath(address) {
		return true
	}
	below := func(origin string) bool {
		path, found := strings.CutPrefix(address, origin)
		return found && (path == "" || samePath(path))
	}
	return below(p.origin) || slices.ContainsFunc(p.RedirectAllowed, below)
}

// Plain writes characters that [Pages.MayLeadTo] refuses as %XX. Browsers send some of them in a query as
// they are, and the address means the same in both spellings.
func Plain(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; notPlain(rune(c)) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// notPlain reports whether some browsers replace or drop the character in an address.
func notPlain(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`\"'<>^`+"`{|}", r) }

// samePath reports whether the text is an absolute path that stays the same path when it is decoded
// or normalised. So it has no empty and no dotted segments. It may have a query and a fragment.
//
// This is about browsers, and [domain.OpenPaths] is about servers, so its rules are stricter. Some servers
// cut a segment at ";". Browsers do not: to them "..;" is a name, and so is "%23".
func samePath(text string) bool {
	path, _, _ := strings.Cut(text, "#")
	path, _, _ = strings.Cut(path, "?")
	decoded, err := url.PathUnescape(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.Count(decoded, "/") != strings.Count(path, "/") ||
		strings.ContainsFunc(decoded, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f || r == '%' }) {
		return false
	}
	segments := strings.Split(decoded[1:], "/")
	for i, segment := range segments {
		last := i == len(segments)-1
		if segment == "" && !last || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}
