package proxyfile

import (
	"fmt"
	"slices"
	"strings"
)

// CommandOf finds the arguments with which a file was printed, after "proxy". It is false if the file does
// not say.
func CommandOf(file string) ([]string, bool) {
	for line := range strings.Lines(file) {
		if _, command, ok := strings.Cut(line, "#     gatehouse proxy "); ok {
			return strings.Fields(command), true
		}
	}
	return nil, false
}

// Difference says where an installed file first differs from a printed one, or "". Comments and the lines
// about TLS and where the proxy listens are the operator's.
func Difference(installed, printed string) string {
	there, want := meaning(installed), meaning(printed)
	for i := range max(len(there), len(want)) {
		switch {
		case i >= len(there):
			return fmt.Sprintf("it lacks %q", want[i])
		case i >= len(want):
			return fmt.Sprintf("it has %q too many", there[i])
		case there[i] != want[i]:
			return fmt.Sprintf("it has %q in the place of %q", there[i], want[i])
		}
	}
	return ""
}

// owned are the first words of lines that are the operator's, beside those that begin with ssl_.
var owned = []string{"tls", "listen", "bind"}

// certbots is the line of Certbot for settings of TLS. What else is included could be anything.
const certbots = "include /etc/letsencrypt/options-ssl-nginx.conf;"

func meaning(file string) (lines []string) {
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		if text := strings.Join(words, " "); len(words) > 0 && !isOperators(words[0], text) {
			lines = append(lines, text)
		}
	}
	return lines
}

func isOperators(word, line string) bool {
	return strings.HasPrefix(word, "#") || strings.HasPrefix(word, "ssl_") || slices.Contains(owned, word) || strings.HasPrefix(line, certbots)
}
