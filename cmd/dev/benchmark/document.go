package main

import (
	"bytes"
	"fmt"
	"os"
)

// The markers between which the document's tables are.
const (
	tablesBegin = "<!-- measured -->\n"
	tablesEnd   = "<!-- end of measured -->\n"
)

// A document keeps what is written to it until it is saved. Without a path there is none.
type document struct {
	bytes.Buffer
	path       string
	begin, end []byte
}

// openDocument reads the document, so that a wrong path is told before anything is measured.
func openDocument(path string) (*document, error) {
	d := &document{path: path}
	if path == "" {
		return d, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	begin, rest, found := bytes.Cut(text, []byte(tablesBegin))
	_, end, ended := bytes.Cut(rest, []byte(tablesEnd))
	if !found || !ended {
		return nil, fmt.Errorf("%s has no lines %q and %q", path, tablesBegin, tablesEnd)
	}
	d.begin, d.end = begin, end
	return d, nil
}

// save replaces what is between the markers by what was written.
func (d *document) save() error {
	if d.path == "" {
		return nil
	}
	middle := "\n" + string(bytes.TrimSpace(d.Bytes())) + "\n\n"
	text := string(d.begin) + tablesBegin + middle + tablesEnd + string(d.end)
	return os.WriteFile(d.path, []byte(text), 0o644)
}
