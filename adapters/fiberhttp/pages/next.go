package pages

import (
	"net/url"
	"slices"
	"strings"
)

// maxNextLength is the longest address that is sent back, in bytes.
const maxNextLength = 2000

// goOn is where a person goes who is done here.
func (p *Pages) GoOn(next string) string {
	if next == "" {
		return p.SignInRedirect
	}
	return next
}

// mayLeadTo reports whether a browser, however it reads the address, goes to our own origin
// or to one that is allowed. The text itself is compared, and not what a parser makes of it:
// parsers differ, and it is the text that is sent.
func (p *Pages) MayLeadTo(address string) bool {
	if len(address) > maxNextLength || strings.ContainsFunc(address, notPlain) {
		return false
	}
	if plainPath(address) {
		return true
	}
	below := func(origin string) bool {
		path, found := strings.CutPrefix(address, origin)
		return found && (path == "" || plainPath(path))
	}
	return below(p.origin) || slices.ContainsFunc(p.RedirectAllowed, below)
}

// notPlain reports whether browsers might take the character for another one, or drop it.
func notPlain(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`\"'<>^`+"`{|}", r) }

// plainPath reports whether the text is an absolute path, with or without query and fragment,
// that stays one when it is decoded or tidied up: no empty and no dotted segments.
func plainPath(text string) bool {
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
