package djangoexport

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	"that names the columns id, email and password: " + howToExport)

func checkHeader(header []string) error {
	var missing []string
	required := []string{"id", "email", "password"}
	for _, name := range required {
		if !slices.Contains(header, name) {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) == len(required):
		return errNeither
	case len(missing) > 0:
		return fmt.Errorf("the first line must be the header, and it has no column %s: export that column too, or %s",
			strings.Join(missing, ", "), howToExport)
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
