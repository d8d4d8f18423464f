package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// say prints one sentence.
func say(out io.Writer, format string, args ...any) error {
	return write(out, printable(fmt.Sprintf(format, args...))+"\n")
}

func write(out io.Writer, text string) error {
	_, err := io.WriteString(out, text)
	return outputError(err)
}

func outputError(err error) error {
	if err == nil {
		return nil
	}
	return &failure{printable("the output could not be written: " + err.Error()), err}
}

// writeTable aligns the columns of rows; "-" stands for what there is not.
func writeTable(out io.Writer, rows [][]string) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = io.WriteString(table, "\t") // a strings.Builder cannot fail
			}
			_, _ = io.WriteString(table, printable(orDash(cell)))
		}
		_, _ = io.WriteString(table, "\n")
	}
	_ = table.Flush()
	return write(out, text.String())
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// An object is a JSON object whose members keep their order. Their names need no escape.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements [json.Marshaler].
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('"')
		out.WriteString(m.name)
		out.WriteString(`":`)
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// writeJSON prints an object, or a list of them.
func writeJSON(out io.Writer, value any) error {
	encoded, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding JSON: %w", err)
	}
	return write(out, printableJSON(string(encoded))+"\n")
}

// orNull is the JSON value of a text that is empty when there is none.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// timestamp is the JSON value of a time: RFC 3339, UTC, milliseconds as they are stored.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

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
