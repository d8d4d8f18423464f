package djangoexport_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"gatehouse/adapters/djangoexport"
	"gatehouse/domain"
)

func FuzzParse(f *testing.F) {
	for _, data := range sampleFiles(f) {
		f.Add(data)
	}
	for _, test := range fieldCases {
		f.Add([]byte(staffObject(test.json)))
		f.Add([]byte(staffTable(test.cell)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := djangoexport.Parse(bytes.NewReader(data))
		if (err == nil) != (len(list.Rows) > 0) {
			t.Fatalf("%d rows, %v", len(list.Rows), err)
		}
		for i, row := range list.Rows {
			checkRow(t, i+1, row)
		}
		checkSameInPieces(t, data, list, err)
	})
}

// checkRow proves what an import relies on.
func checkRow(t *testing.T, number int, row domain.ImportRow) {
	t.Helper()
	if row.Number != number {
		t.Errorf("row %d has number %d", number, row.Number)
	}
	if id, err := domain.ParseStaffID(string(row.ID)); row.ID != "" && (err != nil || id != row.ID) {
		t.Errorf("id %q: %v", row.ID, err)
	}
	hash := row.Hash.Value.Reveal()
	if len(hash) > 1024 || !utf8.ValidString(hash) || strings.ContainsFunc(hash, unicode.IsControl) {
		t.Errorf("hash %q", hash)
	}
	if row.Problem == nil && (row.ID == "" || row.Email.Given() == (row.Email.Value == "") || row.Hash.Given() == (hash == "") || len(row.Settle()) > 0) {
		t.Errorf("no problem with %+v", row)
	}
	if row.Problem != nil && !errors.Is(row.Problem, domain.ErrInvalidStaff) {
		t.Errorf("problem %v", row.Problem)
	}
	for _, text := range []string{string(row.Email.Value), row.FirstName.Value, row.LastName.Value, row.PreferredName.Value.Name} {
		if !utf8.ValidString(text) {
			t.Errorf("text %q", text)
		}
	}
}

// checkSameInPieces proves that neither the pieces in which a file arrives nor a byte
// order mark make a difference.
func checkSameInPieces(t *testing.T, data []byte, list domain.StaffList, err error) {
	t.Helper()
	if !bytes.HasPrefix(data, []byte("\ufeff")) {
		data = append([]byte("\ufeff"), data...)
	}
	again, errAgain := djangoexport.Parse(iotest.HalfReader(bytes.NewReader(data)))
	if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
		t.Errorf("first %v, then %v", err, errAgain)
	}
	if !reflect.DeepEqual(list, again) {
		t.Errorf("first %+v, then %+v", list, again)
	}
}
