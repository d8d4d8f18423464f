package djangoexport

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/domain"
)

// A table is the source that reads CSV.
type table struct {
	gate    *rowGate
	csv     *csv.Reader
	limit   int64
	line    int      // where the next row begins, blank lines aside
	header  []string // as the names are compared
	unknown unknownNames
}

func newTable(in io.Reader, delimiter rune, limit int64) (*table, error) {
	gate := &rowGate{r: in}
	t := &table{gate: gate, csv: csv.NewReader(gate), limit: limit, line: 1}
	t.csv.Comma = delimiter
	t.csv.FieldsPerRecord = -1 // a row that is too short is a problem of that row
	header, err := t.read()
	if _, malformed := errors.AsType[*csv.ParseError](err); malformed || errors.Is(err, errRowTooLong) {
		return nil, errNeither
	}
	if err != nil {
		return nil, readError(err)
	}
	for _, name := range header {
		name = fieldName(name)
		t.header = append(t.header, name)
		t.unknown.add(name)
	}
	return t, checkHeader(t.header)
}

// read gives one row its share of memory.
func (t *table) read() ([]string, error) {
	t.gate.until = t.csv.InputOffset() + t.limit + 1 // one more, to see what ends the row
	cells, err := t.csv.Read()
	if t.gate.failure != nil { // the start of a row may look malformed; that is no news then
		return nil, t.gate.failure
	}
	if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
		t.line = malformed.Line + 1
	} else if err == nil {
		last := len(cells) - 1
		line, _ := t.csv.FieldPos(last)
		t.line = line + strings.Count(cells[last], "\n") + 1
	}
	return cells, err
}

func (t *table) explainNobody() error {
	return errors.New("the export holds no staff, but a header line only: " + howToExport)
}

func (t *table) unknownFields() []string { return t.unknown }

func (t *table) next() (record, error) {
	start := t.line
	cells, err := t.read()
	malformed, _ := errors.AsType[*csv.ParseError](err)
	switch {
	case err == io.EOF:
		return record{}, io.EOF
	case errors.Is(err, errRowTooLong):
		return record{}, fmt.Errorf("line %d: a row is longer than %d bytes: is a quote not closed?", start, t.limit)
	case malformed != nil && (malformed.StartLine < malformed.Line || !errors.Is(err, csv.ErrBareQuote)):
		return record{}, fmt.Errorf("line %d: a quote is not closed, or not doubled within quotes: %s",
			malformed.StartLine, howToExport)
	case malformed != nil:
		return t.damaged(malformed.Line, cells, "a value has a quote in it but none around it"), nil
	case err != nil:
		return record{}, readError(err)
	}
	return t.record(cells)
}

func (t *table) record(cells []string) (record, error) {
	line, _ := t.csv.FieldPos(0)
	if len(cells) == len(t.header) {
		return t.whole(line, cells), nil
	}
	damage := fmt.Sprintf("the row has %d columns, the header has %d", len(cells), len(t.header))
	if t.line > line+1 {
		return record{}, fmt.Errorf("line %d: %s, and it goes over several lines: is a quote not closed?", line, damage)
	}
	return t.damaged(line, cells, damage), nil
}

func (t *table) whole(line int, cells []string) record {
	r := record{line: line, key: "id", values: map[string]value{}}
	for i, name := range t.header {
		if name == "id" || slices.Contains(fieldNames, name) {
			r.values[name] = cellValue(cells[i])
		}
		if !utf8.ValidString(cells[i]) {
			r.damage = "the row is not valid UTF-8"
		}
	}
	return r
}

// damaged takes from a row whose cells may have moved only what proves itself: anything
// could stand under "email", a password too.
func (t *table) damaged(line int, cells []string, damage string) record {
	r := record{line: line, key: "id", values: map[string]value{}, damage: damage}
	for i, name := range t.header[:min(len(t.header), len(cells))] {
		_, notID := domain.ParseStaffID(withDashes(cells[i]))
		_, notEmail := domain.ParseEmail(cells[i])
		if name == "id" && notID == nil || name == "email" && notEmail == nil {
			r.values[name] = cellValue(cells[i])
		}
	}
	return r
}
