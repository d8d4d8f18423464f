package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const export = `1 ann@example.test pbkdf2_sha256$x$y$z
2 ben@example.test
`

func TestImport(t *testing.T) {
	s := newShop()
	file := filepath.Join(t.TempDir(), "staff.json")
	if err := os.WriteFile(file, []byte(export), 0o600); err != nil {
		t.Fatal(err)
	}
	same(t, s.do(t, "staff", "import", file), `added        row 1     ann@example.test
added        row 2     ben@example.test  (no usable password: send a link with gatehouse staff invite)
2 added, 0 updated, 0 left alone, 0 refused
`)
	same(t, s.do(t, "staff", "import", file), `left alone   row 1     ann@example.test
left alone   row 2     ben@example.test
0 added, 0 updated, 2 left alone, 0 refused
`)
}

// The operator who has deleted somebody sees that the list brings the person back.
func TestImportTellsWhoWasDeleted(t *testing.T) {
	s := newShop()
	s.run(t, strings.NewReader(export), "staff", "import", "-")
	for _, email := range []string{"ann@example.test", "ben@example.test"} {
		s.do(t, "staff", "delete", "--yes", email)
	}
	spoilt := s.run(t, strings.NewReader(export+"nobody"), "staff", "import", "-")
	same(t, spoilt.out.String(), `not added    row 1     ann@example.test  (deleted earlier: what was signed in before stays over)
not added    row 2     ben@example.test  (deleted earlier: what was signed in before stays over)
refused      row 3     -  line 3: id is not a UUID
2 not added, 0 not updated, 0 left alone, 1 refused
`)
	report := parsed[importJSON](t, s.run(t, strings.NewReader(export+"3 new@example.test"), "staff", "import", "--json", "-").out.String())
	for i, want := range []bool{true, true, false} {
		if report.Rows[i].DeletedEarlier != want {
			t.Errorf("row %d says deleted earlier: %t, want %t", i+1, !want, want)
		}
	}
	s.do(t, "staff", "delete", "--yes", "ben@example.test")
	same(t, s.run(t, strings.NewReader("2 ben@example.test"), "staff", "import", "-").out.String(),
		`added        row 1     ben@example.test  (deleted earlier: what was signed in before stays over) (no usable password: send a link with gatehouse staff invite)
1 added, 0 updated, 0 left alone, 0 refused
`)
}

func TestImportFromStandardInput(t *testing.T) {
	s := newShop()
	s.do(t, "staff", "add", "cat@example.test", "--first-name", "C", "--last-name", "D")
	result := s.run(t, strings.NewReader("1 moved@example.test"), "staff", "import", "-")
	if result.failure != nil {
		t.Fatal(result.failure)
	}
	same(t, result.out.String(), `updated      row 1     moved@example.test  (no usable password in the export)
0 added, 1 updated, 0 left alone, 0 refused
`)
	if _, found := s.account(t, "moved@example.test"); !found {
		t.Error("nothing was imported")
	}
}

const faulty = `1 ann@example.test new$hash
9 elf@example.test
nobody
4 ann@example.test
5 ELF@example.test
6 no-address
7 taken@example.test
`

const refusals = `refused      row 3     -  line 3: id is not a UUID
refused      row 4     ann@example.test  the same e-mail address as in row 1, letter case aside
refused      row 5     ELF@example.test  the same e-mail address as in row 2, letter case aside
refused      row 6     no-address  the e-mail address is not of the form name@host
refused      row 7     taken@example.test  another member of staff has this address, perhaps in other letter case: see gatehouse staff show taken@example.test
`

// withTwo is a shop with Ann, who is in the export, and somebody whose address is.
func withTwo(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	for _, email := range []string{"ann@example.test", "Taken@example.test"} {
		s.do(t, "staff", "add", email, "--first-name", "A", "--last-name", "B")
	}
	return s
}

func TestImportRefusedAsAWhole(t *testing.T) {
	s := withTwo(t)
	result := s.run(t, strings.NewReader(faulty), "staff", "import", "-")
	result.refused(t, false, "nothing was imported: mend the refused rows, or import the others with --partial")
	same(t, result.out.String(), `not updated  row 1     ann@example.test
not added    row 2     elf@example.test
`+refusals+`1 not added, 1 not updated, 0 left alone, 5 refused
`)
	if _, found := s.account(t, "elf@example.test"); found {
		t.Error("a row was imported")
	}
}

func TestImportPartial(t *testing.T) {
	s := withTwo(t)
	result := s.run(t, strings.NewReader(faulty), "staff", "import", "-", "--partial")
	result.refused(t, false, "refused: 5 of 7 rows; the others are imported")
	same(t, result.out.String(), `updated      row 1     ann@example.test
added        row 2     elf@example.test  (no usable password: send a link with gatehouse staff invite)
`+refusals+`1 added, 1 updated, 0 left alone, 5 refused
`)
	if _, found := s.account(t, "elf@example.test"); !found {
		t.Error("the good row was not imported")
	}
}

type importJSON struct {
	Imported   bool
	Added      int
	Updated    int
	NotAdded   int `json:"not_added"`
	NotUpdated int `json:"not_updated"`
	LeftAlone  int `json:"left_alone"`
	Refused    int
	Rows       []importRowJSON
}

type importRowJSON struct {
	Row            int
	ID             *string
	Email          *string
	Action         string
	Reason         *string
	PasswordUsable bool `json:"password_usable"`
	DeletedEarlier bool `json:"deleted_earlier"`
}

func TestImportJSON(t *testing.T) {
	s := newShop()
	good := s.run(t, strings.NewReader(export), "staff", "import", "--json", "-")
	report := parsed[importJSON](t, good.out.String())
	if good.failure != nil || !report.Imported || report.Added != 2 || len(report.Rows) != 2 {
		t.Errorf("report is %+v, %v", report, good.failure)
	}
	if row := report.Rows[0]; row.Row != 1 || *row.ID != "00000000-0000-4000-8000-000000000001" ||
		*row.Email != "ann@example.test" || row.Action != "added" || row.Reason != nil || !row.PasswordUsable {
		t.Errorf("row is %+v", row)
	}
	bad := s.run(t, strings.NewReader(export+"?\n9 z@example.test"), "staff", "import", "--json", "-")
	report = parsed[importJSON](t, bad.out.String())
	if bad.failure == nil || report.Imported || report.LeftAlone != 2 || report.Refused != 1 || report.NotAdded != 1 || report.Added != 0 {
		t.Errorf("report is %+v, %v", report, bad.failure)
	}
	if row := report.Rows[2]; row.ID != nil || row.Email != nil || row.Action != "refused" || *row.Reason != "line 3: id is not a UUID" {
		t.Errorf("row is %+v", row)
	}
	if row := report.Rows[3]; row.Action != "not_added" || row.PasswordUsable {
		t.Errorf("row is %+v", row)
	}
}

func TestImportUnreadable(t *testing.T) {
	folder := t.TempDir()
	empty := filepath.Join(folder, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	absent := filepath.Join(folder, "x\x1b[2J")
	for name, sentence := range map[string]string{
		"-":    "standard input: the file is empty",
		empty:  empty + ": the file is empty",
		folder: folder + ": is a directory",
		absent: folder + `/x\x1b[2J: no such file or directory`,
	} {
		newShop().refuse(t, false, sentence, "staff", "import", name)
	}
}
