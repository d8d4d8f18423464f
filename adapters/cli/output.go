package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
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
