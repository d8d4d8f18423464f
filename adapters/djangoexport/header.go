package djangoexport

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// delimiter is a comma, unless the header has none but semicolons: spreadsheets write
// those where the comma is the decimal point.
func delimiter(start []byte) rune {
	header, _, _ := bytes.Cut(start, []byte("\n"))
	if !bytes.ContainsRune(header, ',') && bytes.ContainsRune(header, ';') {
		return ';'
	}
	return ','
}

var errNeither = errors.New("the file is neither Django's dumpdata JSON nor CSV with a header line " +
	"that names the columns id, email, password and so on: " + howToExport)

// checkHeader wants the key and something that is said of people. Which columns else there
// are is for the shop to decide: what a list does not say stays as it is.
func checkHeader(header []string) error {
	read := slices.ContainsFunc(header, func(name string) bool { return slices.Contains(fieldNames, name) })
	switch key := slices.Contains(header, "id"); {
	case !read:
		return errNeither
	case !key:
		return errors.New("the first line must be the header, and it has no column id: export that column too, or " + howToExport)
	}
	return checkUnique(header)
}

// checkUnique lets nameless columns pass: spreadsheets add some at the end.
func checkUnique(header []string) error {
	first := map[string]int{}
	for i, name := range header {
		if before, twice := first[name]; twice && name != "" {
			return fmt.Errorf("columns %d and %d have the same name in the header: remove one", before+1, i+1)
		}
		first[name] = i
	}
	return nil
}
