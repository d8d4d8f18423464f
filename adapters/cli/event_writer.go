package cli

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// An eventFormat is a way to print events.
type eventFormat string

const (
	formatTable     eventFormat = "table"
	formatJSONLines eventFormat = "jsonl"
	formatCSV       eventFormat = "csv"
)

// An eventWriter prints objects that all have the same members, one after the other.
type eventWriter interface {
	write(event object) error
	// flush must be called at the end.
	flush() error
}

// newEventWriter makes one for a format that is not the table; columns is any of the
// objects.
func newEventWriter(out io.Writer, format eventFormat, columns object) (eventWriter, error) {
	if format != formatCSV {
		return jsonLines{bufio.NewWriterSize(out, outputBuffer)}, nil
	}
	w := csvLines{csv.NewWriter(out)}
	w.out.UseCRLF = true // RFC 4180
	var header []string
	for _, column := range columns {
		header = append(header, column.name)
	}
	return w, outputError(w.out.Write(header))
}

const outputBuffer = 64 << 10 // bytes

// jsonLines prints one object a line.
type jsonLines struct{ out *bufio.Writer }

func (w jsonLines) write(event object) error {
	line, err := event.MarshalJSON()
	if err != nil {
		return fmt.Errorf("encoding JSON: %w", err)
	}
	_, err = w.out.WriteString(printableJSON(string(line)) + "\n")
	return outputError(err)
}

func (w jsonLines) flush() error { return outputError(w.out.Flush()) }

// csvLines prints comma-separated values (RFC 4180) for spreadsheets.
type csvLines struct{ out *csv.Writer }

func (w csvLines) write(event object) error {
	var row []string
	for _, column := range event {
		row = append(row, cell(column.value))
	}
	return outputError(w.out.Write(row))
}

func (w csvLines) flush() error {
	w.out.Flush()
	return outputError(w.out.Error())
}

// cell keeps a spreadsheet from taking a text for a formula, because who signs in
// chooses the user agent.
func cell(value any) string {
	if value == nil {
		return ""
	}
	text, isText := value.(string)
	if !isText {
		return fmt.Sprint(value)
	}
	if strings.HasPrefix(text, "'") || strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r\n") {
		text = "'" + text
	}
	return printable(text)
}
