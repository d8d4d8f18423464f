package djangoexport_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/djangoexport"
)

// staffTable has one good row but for the changes.
func staffTable(c changes) string {
	cells := changes{"id": aStaffID, "email": "a@b.example", "password": secret}
	maps.Copy(cells, c)
	names := slices.Sorted(maps.Keys(cells))
	row := make([]string, len(names))
	for i, name := range names {
		row[i] = cells[name]
	}
	return strings.Join(names, ",") + "\n" + strings.Join(row, ",") + "\n"
}

func TestFieldsOfCSV(t *testing.T) {
	for _, test := range fieldCases {
		if test.cell == nil {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			want := basePerson()
			test.want(&want)
			compare(t, parseOne(t, staffTable(test.cell)), want, "id")
		})
	}
}

func TestDamagedRows(t *testing.T) {
	for _, test := range []struct {
		name, row, want string
		id, email       string
	}{
		{"too short", aStaffID + ",a@b.example", "the row has 2 columns, the header has 4", aStaffID, "a@b.example"},
		{"too long", aStaffID + ",a@b.example," + secret + ",,", "the row has 5 columns, the header has 4", aStaffID, "a@b.example"},
		{"moved", secret + "," + secret + ",x@y.example", "the row has 3 columns, the header has 4", "", ""},
		{"quote within", aStaffID + `,a@b.example,x"y,`, "a value has a quote in it but none around it", aStaffID, "a@b.example"},
		{"quote within the address", aStaffID + `,a"@b.example,` + secret + ",", "a value has a quote in it but none around it", aStaffID, ""},
		{"not UTF-8", aStaffID + ",a@b.example,x\xff,", "the row is not valid UTF-8; password is not valid UTF-8", aStaffID, "a@b.example"},
		{"address that is not UTF-8", aStaffID + ",a\xff@b.example,x,", "the row is not valid UTF-8; email is not valid UTF-8", aStaffID, ""},
		{"not UTF-8 in an unknown column", aStaffID + ",a@b.example,x,\xe9", "the row is not valid UTF-8", aStaffID, "a@b.example"},
		{"empty", ",,,", "id is missing; email is empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			beside := aStaffID + ",a@b.example," + secret + ",\"more\nlines\"\n"
			list, err := djangoexport.Parse(strings.NewReader("id,email,password,x\n" + beside + test.row + "\r\n" + beside))
			rows := list.Rows
			if err != nil || len(rows) != 3 {
				t.Fatalf("got %d rows, %v; want 3", len(rows), err)
			}
			got, want := rows[1], "invalid staff record: line 4: "+test.want
			if got.Number != 2 || got.Problem == nil || got.Problem.Error() != want {
				t.Errorf("got row %d, %v\nwant 2, %s", got.Number, got.Problem, want)
			}
			if string(got.ID) != test.id || string(got.Email.Value) != test.email {
				t.Errorf("got %q, %q; want %q, %q", got.ID, got.Email.Value, test.id, test.email)
			}
			if rows[0].Problem != nil || rows[2].Problem != nil {
				t.Errorf("the rows beside it: %v, %v", rows[0].Problem, rows[2].Problem)
			}
		})
	}
}

func TestDelimiter(t *testing.T) {
	semicolons := strings.ReplaceAll(staffTable(nil), ",", ";")
	for _, input := range []string{
		semicolons,
		strings.Replace(semicolons, "\n", "\r\n", 1),
		strings.Replace(semicolons, "email;id;password", `"email";"id";"password"`, 1),
		strings.Replace(strings.Replace(staffTable(nil), "\n", "\nx,", 1), "email", "\"two\nlines\",email", 1),
		"a;b," + strings.Replace(staffTable(nil), "\n", "\n,", 1),
	} {
		if got := parseOne(t, input); got != basePerson() {
			t.Errorf("%.20q: got %+v, want %+v", input, got, basePerson())
		}
	}
}

func TestNamelessColumns(t *testing.T) {
	input := strings.ReplaceAll(staffTable(nil), "\n", ",,\n")
	if got := parseOne(t, input); got != basePerson() {
		t.Errorf("got %+v, want %+v", got, basePerson())
	}
}
