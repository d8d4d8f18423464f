package djangoexport

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"gatehouse/domain"
)

// What an export may measure at most.
const (
	// MaxSize is the length of the file in bytes.
	MaxSize = 256 << 20
	// MaxRows is the number of people.
	MaxRows = 1_000_000
	// MaxRowSize is the length of one person in the file in bytes, and with it what is
	// held in memory at a time besides the rows themselves. An object of another model
	// may be longer.
	MaxRowSize = 1 << 20
)

// Parse reads an export, and tells which fields it has that nobody knows. Rows are numbered from one in the order of the file. A row that
// cannot be read has a Problem, a [domain.ErrInvalidStaff], and whatever else of it could
// be read.
//
// An error means that the file is no export, is damaged so that the end of a row cannot
// be told, holds nobody, exceeds a limit, or that r failed (then it wraps r's error). It
// says what to do about it; there are no rows then.
func Parse(r io.Reader) (domain.StaffList, error) {
	return parse(r, limits{file: MaxSize, rows: MaxRows, row: MaxRowSize})
}

type limits struct {
	file int64 // bytes
	rows int
	row  int64 // bytes
}

const howToExport = `make it with "python manage.py dumpdata accounts.staff --output staff.json"`

func parse(r io.Reader, limits limits) (domain.StaffList, error) {
	in := bufio.NewReaderSize(&boundedReader{r: r, left: limits.file}, peekSize)
	start, err := peek(in)
	if err != nil {
		return domain.StaffList{}, err
	}
	switch start = bytes.TrimLeft(start, " \t\r\n"); {
	case len(start) == 0:
		return domain.StaffList{}, errors.New("the file is empty: " + howToExport)
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return domain.StaffList{}, errors.New("the file is UTF-16, as > writes it in PowerShell, and not UTF-8: " + howToExport)
	}
	source, err := newSource(in, start, limits.row)
	if err != nil {
		return domain.StaffList{}, err
	}
	rows, err := collect(source, limits.rows)
	if err != nil {
		return domain.StaffList{}, err
	}
	return domain.StaffList{Rows: rows, Unknown: source.unknownFields()}, nil
}

// peekSize is how much of a file is looked at to tell its format, in bytes.
const peekSize = 64 << 10

// peek drops a byte order mark and returns the start of what follows.
func peek(in *bufio.Reader) ([]byte, error) {
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // cannot fail: it is in the buffer
	}
	start, err := in.Peek(peekSize)
	if err != nil && err != io.EOF {
		return nil, readError(err)
	}
	return start, nil
}

// A source is an export in one of the formats.
type source interface {
	// next returns io.EOF after the last person. Any other error means that it cannot be
	// told where the person's record ends, so that others might get lost in it.
	next() (record, error)
	// explainNobody is the error for an export without anybody.
	explainNobody() error
	// unknownFields are the names that nobody knows, each once, of what has been read.
	unknownFields() []string
}

func newSource(in *bufio.Reader, start []byte, maxRow int64) (source, error) {
	if start[0] == '[' || start[0] == '{' {
		return newDumpdata(in, maxRow)
	}
	return newTable(in, delimiter(start), maxRow)
}

func collect(source source, maxRows int) ([]domain.ImportRow, error) {
	var rows []domain.ImportRow
	for {
		record, err := source.next()
		switch {
		case err == io.EOF && len(rows) == 0:
			return nil, source.explainNobody()
		case err == io.EOF:
			return rows, nil
		case err != nil:
			return nil, err
		case len(rows) == maxRows:
			return nil, fmt.Errorf("line %d: the file holds more than %d people", record.line, maxRows)
		}
		row := record.row()
		row.Number = len(rows) + 1
		rows = append(rows, row)
	}
}
