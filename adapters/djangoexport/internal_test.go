package djangoexport

import (
	"cmp"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// The limits are the subject here; at full size the race detector would take minutes.
func TestLimits(t *testing.T) {
	const object = `{"model":"accounts.staff"}` // 26 bytes
	const header = "id,email,password\n"
	for _, test := range []struct {
		name, input string
		limits      limits
		want        string // the start of the error, or nothing
	}{
		{"file that just fits, JSONL", object, limits{26, 9, 99}, ""},
		{"file that just fits, list", "[" + object + "]", limits{28, 9, 99}, ""},
		{"file that just fits, CSV", header + "a,b,c\n", limits{24, 9, 99}, ""},
		{"file too long, JSONL", object + "\n", limits{26, 9, 99}, errFileTooLong.Error()},
		{"file too long, list", "[" + object + "]", limits{27, 9, 99}, errFileTooLong.Error()},
		{"file too long, CSV", header + "a,b,c\n", limits{23, 9, 99}, errFileTooLong.Error()},
		{"file too long behind the list", "[" + object + "]" + strings.Repeat(" ", 70_000), limits{70_000, 9, 99}, errFileTooLong.Error()},
		{"file too long, in an object", "[" + object + `,{"model":"` + strings.Repeat(" ", 70_000), limits{70_000, 9, 99}, errFileTooLong.Error()},
		{"file too long, in CSV", header + strings.Repeat("a,b,c\n", 20_000), limits{70_000, 99_999, 99}, errFileTooLong.Error()},
		{"rows that just fit, JSONL", object + object, limits{999, 2, 99}, ""},
		{"rows that just fit, CSV", header + "a,b,c\na,b,c\n", limits{999, 2, 99}, ""},
		{"a row too many, JSONL", object + object + "\n" + object, limits{999, 2, 99}, "line 2: the file holds more than 2 people"},
		{"a row too many, CSV", header + "a,b,c\na,b,c\nx\n", limits{999, 2, 99}, "line 4: the file holds more than 2 people"},
		{"others do not count", `{"model":"a.b"}` + `{"model":"a.b"}` + object, limits{999, 1, 99}, ""},
		{"row that just fits", header + strings.Repeat("x", 18) + ",b," + "\n", limits{999, 9, 22}, ""},
		{"row that just fits at the end", header + strings.Repeat("x", 18) + ",b,c", limits{999, 9, 22}, ""},
		{"row too long", header + "a,b,c\n" + strings.Repeat("x", 18) + ",b,cde" + "\n", limits{999, 9, 22}, "line 3: a row is longer than 22 bytes"},
		{"header too long", header, limits{999, 9, 10}, errNeither.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := parse(strings.NewReader(test.input), test.limits)
			switch {
			case test.want == "" && (err != nil || len(list.Rows) == 0):
				t.Errorf("got %d rows, %v", len(list.Rows), err)
			case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestLimitOfAnObject(t *testing.T) {
	const object = `{"model":"accounts.staff"}`
	for limit, want := range map[int64]string{26: "fields is missing", 25: "the object is too long"} {
		list, err := parse(strings.NewReader(object+object), limits{999, 9, limit})
		if err != nil || len(list.Rows) != 2 {
			t.Fatalf("limit %d: got %d rows, %v", limit, len(list.Rows), err)
		}
		for _, row := range list.Rows {
			if row.Problem == nil || !strings.HasSuffix(row.Problem.Error(), ": "+want) {
				t.Errorf("limit %d: got %v, want %s", limit, row.Problem, want)
			}
		}
	}
}

// The size is the one limit that is quick to reach.
func TestParseHasTheDocumentedSize(t *testing.T) {
	line := strings.Repeat("x", 100_000) + ",y\n"
	const header = "id,email,password\n"
	rest := io.LimitReader(&repeated{text: line}, 256<<20-int64(len(header))+1)
	_, err := Parse(io.MultiReader(strings.NewReader(header), rest))
	if !errors.Is(err, errFileTooLong) {
		t.Errorf("got %v, want %v", err, errFileTooLong)
	}
}

// A repeated reader never ends.
type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// Each column fills exactly one field. It has the name of the column, except for these.
func TestEveryColumnSaysItsField(t *testing.T) {
	values := map[string]string{"email": "una@joinery.example", "password": "argon2$x", "date_left": "2020-01-31"}
	others := map[string]string{"password": "hash", "password_needs_reset": "needs_reset", "is_staff": "is_office_staff"}
	capitals := regexp.MustCompile(`\B[A-Z]`)
	for _, name := range fieldNames {
		list, err := Parse(strings.NewReader("id," + name + "\n7d3f1c52-9a40-4e6b-8c1d-2f5a6b7c8d01," + cmp.Or(values[name], "t") + "\n"))
		if err != nil || len(list.Rows) != 1 {
			t.Fatalf("%s: %+v, %v", name, list, err)
		}
		row := reflect.ValueOf(list.Rows[0])
		for i := range row.NumField() {
			field := strings.ToLower(capitals.ReplaceAllString(row.Type().Field(i).Name, "_$0"))
			if said, is := row.Field(i).Interface().(interface{ Given() bool }); is && said.Given() != (field == cmp.Or(others[name], name)) {
				t.Errorf("a list with %s says %s: %t", name, field, said.Given())
			}
		}
	}
}

// A list that has every column says every field: a new one must be in fieldNames and in row.
func TestEveryFieldIsRead(t *testing.T) {
	values := map[string]string{"email": "una@joinery.example", "password": "argon2$x", "date_left": "2020-01-31"}
	header, line := "id", "7d3f1c52-9a40-4e6b-8c1d-2f5a6b7c8d01"
	for _, name := range fieldNames {
		header, line = header+","+name, line+","+cmp.Or(values[name], "t")
	}
	list, err := Parse(strings.NewReader(header + "\n" + line + "\n"))
	if err != nil || len(list.Rows) != 1 || list.Rows[0].Problem != nil {
		t.Fatalf("%+v, %v", list, err)
	}
	row := reflect.ValueOf(list.Rows[0])
	for i := range row.NumField() {
		if said, is := row.Field(i).Interface().(interface{ Given() bool }); is && !said.Given() {
			t.Errorf("%s is not read: add its name to fieldNames and its reading to record.row", row.Type().Field(i).Name)
		}
	}
}
