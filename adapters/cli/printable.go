package cli

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// printable writes every rune that is no visible character or space (control characters
// and with them terminal escapes, overrides of the writing direction, zero-width ones) and
// every byte that is not UTF-8 as an escape. Applied twice it does the same as once.
func printable(text string) string {
	return escaped(text, func(r rune) string {
		quoted := strconv.QuoteRuneToASCII(r)
		return quoted[1 : len(quoted)-1]
	})
}

// printableJSON does the same to encoded JSON, where line breaks stand between values and
// every other such rune stands in a string.
func printableJSON(encoded string) string {
	return escaped(encoded, func(r rune) string {
		if r == '\n' {
			return "\n"
		}
		text := ""
		for _, unit := range utf16.Encode([]rune{r}) {
			text += fmt.Sprintf(`\u%04x`, unit)
		}
		return text
	})
}

func escaped(text string, escape func(rune) string) string {
	if isPlain(text) {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			fmt.Fprintf(&out, `\x%02x`, text[i])
		case strconv.IsGraphic(r):
			out.WriteRune(r)
		default:
			out.WriteString(escape(r))
		}
	}
	return out.String()
}

// isPlain reports whether text is visible ASCII, as nearly all is: an export has a great deal
// of it.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
