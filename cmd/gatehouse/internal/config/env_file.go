package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxEnvironmentFile is how long an environment file may be, in bytes.
const MaxEnvironmentFile = 1 << 20

// ParseEnvironmentFile reads settings as systemd reads an EnvironmentFile= (systemd.exec(5)): NAME=value,
// comments after # or ; at the start of a line, values in single or double quotes, and a backslash at the
// end of a line that goes on. Nothing is expanded. The last of several values counts.
//
// Only settings of this program are taken, and what looks like one, so that a misspelt name is told. PATH
// or SUDO_USER in the file mean nothing.
//
// It is stricter than systemd in what would have no effect there: a line without NAME= and a quote
// without its end are errors. Each names its line. No error repeats what stands in the file.
func ParseEnvironmentFile(content []byte) (map[string]string, error) {
	if len(content) > MaxEnvironmentFile {
		return nil, errors.New("is longer than 1 MiB: is it the right file?")
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	f := &envFile{rest: strings.ReplaceAll(string(content), "\r\n", "\n"), line: 1}
	if at := firstOddByte(f.rest); at >= 0 {
		return nil, fmt.Errorf("line %d: write UTF-8 without NUL", 1+strings.Count(f.rest[:at], "\n"))
	}
	known, set := knownVariables(), map[string]string{}
	for f.rest != "" {
		name, value, err := f.assignment()
		if err != nil {
			return nil, err
		}
		if slices.Contains(known, name) || strings.HasPrefix(name, ownPrefix) {
			set[name] = value
		}
	}
	return set, nil
}

func firstOddByte(text string) int {
	for at, r := range text {
		if _, size := utf8.DecodeRuneInString(text[at:]); r == 0 || r == utf8.RuneError && size == 1 {
			return at
		}
	}
	return -1
}

// An envFile is what is still to be read.
type envFile struct {
	rest string
	line int // of what comes next
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// assignment reads to the end of the next one. The name is "" for a comment or an empty line.
func (f *envFile) assignment() (name, value string, err error) {
	line, _, _ := strings.Cut(f.rest, "\n")
	trimmed := strings.Trim(line, blank)
	if trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';' {
		f.skip(len(line) + 1)
		return "", "", nil
	}
	before, _, found := strings.Cut(line, "=")
	if name = strings.Trim(before, blank); !found || !variableName.MatchString(name) {
		return "", "", fmt.Errorf("line %d: write NAME=value, without export or $, or # before a comment", f.line)
	}
	f.skip(len(before) + 1)
	value, err = f.value()
	return name, value, err
}

const blank = " \t\r"

// skip goes on by so many bytes, or to the end.
func (f *envFile) skip(n int) string {
	n = min(n, len(f.rest))
	skipped := f.rest[:n]
	f.rest = f.rest[n:]
	f.line += strings.Count(skipped, "\n")
	return skipped
}

// value reads parts in quotes, up to a part without or the end of the line.
func (f *envFile) value() (string, error) {
	var value strings.Builder
	for {
		f.skip(len(f.rest) - len(strings.TrimLeft(f.rest, blank)))
		if f.rest == "" || f.rest[0] != '\'' && f.rest[0] != '"' {
			value.WriteString(f.plain())
			return value.String(), nil
		}
		part, err := f.quoted(f.rest[0])
		if err != nil {
			return "", err
		}
		value.WriteString(part)
	}
}

// quoted reads a part in quotes. In double ones a backslash stands before what would else mean something.
func (f *envFile) quoted(quote byte) (string, error) {
	var part strings.Builder
	start := f.line
	f.skip(1)
	for f.rest != "" && f.rest[0] != quote {
		if quote == '"' && f.escapes("\"\\`$\n") {
			f.skip(1)
			part.WriteString(strings.Trim(f.skip(1), "\n"))
			continue
		}
		part.WriteString(f.skip(1))
	}
	if f.rest == "" {
		return "", fmt.Errorf("line %d: end the value with %c", start, quote)
	}
	f.skip(1)
	return part.String(), nil
}

// escapes reports whether a backslash comes next, and one of the characters after it.
func (f *envFile) escapes(characters string) bool {
	return len(f.rest) > 1 && f.rest[0] == '\\' && strings.IndexByte(characters, f.rest[1]) >= 0
}

// plain reads the rest of the line. A backslash takes the next character as it is, and a line goes on
// behind one at its end.
func (f *envFile) plain() string {
	var part strings.Builder
	kept := 0 // without the blanks at the end
	for f.rest != "" && f.rest[0] != '\n' {
		escaped := f.rest[0] == '\\'
		if escaped {
			f.skip(1)
		}
		next := strings.Trim(f.skip(1), "\n")
		part.WriteString(next)
		if escaped && next != "" || strings.Trim(next, blank) != "" {
			kept = part.Len()
		}
	}
	f.skip(1)
	return part.String()[:kept]
}
