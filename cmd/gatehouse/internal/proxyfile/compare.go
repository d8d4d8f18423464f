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

// owned are the first words of lines that are the operator's.
var owned = []string{"ssl_certificate", "ssl_certificate_key", "ssl_protocols", "ssl_ciphers", "tls", "listen", "bind"}

func meaning(file string) (lines []string) {
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		if len(words) > 0 && !strings.HasPrefix(words[0], "#") && !slices.Contains(owned, words[0]) {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}
