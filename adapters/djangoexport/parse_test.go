package djangoexport_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gatehouse/adapters/djangoexport"
	"gatehouse/domain"
)

// A person is a row in a form that can be compared and printed; the hashes are of a test
// system.
type person struct {
	domain.ImportRow
	hash string
}

func persons(list domain.StaffList) []person {
	var people []person
	for _, row := range list.Rows {
		hash := row.Hash.Value.Reveal()
		row.Hash = domain.Said[domain.PasswordHash]{}
		people = append(people, person{row, hash})
	}
	return people
}

// sampleStaff are the three people in each file of testdata. None says who is workshop staff.
func sampleStaff(t *testing.T) []person {
	t.Helper()
	left, err := domain.ParseDate("2020-01-31")
	if err != nil {
		t.Fatal(err)
	}
	sample := func(number int, profile domain.Profile, needsReset bool, hash string) person {
		id := domain.StaffID(fmt.Sprintf("7d3f1c52-9a40-4e6b-8c1d-2f5a6b7c8d%02d", number))
		row := domain.NewImportRow(number, id, profile, domain.PasswordHash{}, needsReset)
		row.IsWorkshopStaff, row.Hash = domain.Said[bool]{}, domain.Said[domain.PasswordHash]{}
		return person{row, hash}
	}
	return []person{
		sample(1, domain.Profile{
			Email: "una@joinery.example", FirstName: "Una", LastName: "O'Dell", PreferredName: "Oona", HasPreferredName: true, IsActive: true,
		}, false, "pbkdf2_sha256$260000$2bd806c97f0e00af1a1fc3$5Q0HYvlkCLlxQpE1so9eufJuNR9dM8AYexZkrQwBrPo="),
		sample(2, domain.Profile{
			Email: "Björn.Ek@joinery.example", FirstName: "Björn", LastName: `Ек "李"`,
			IsActive: true, IsOfficeStaff: true, IsSuperuser: true, DateLeft: left,
		}, true, "argon2$argon2id$v=19$m=102400,t=2,p=8$Nzc2NDZmNWE0ZjMxNjY2Mzc2MjdhYg$pnIbTi+Oa3K3i2R0cbgzyg"),
		sample(3, domain.Profile{Email: "ivo@joinery.example", FirstName: "Ivo"}, false, "!"),
	}
}

func sampleFiles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/staff*")
	if err != nil || len(paths) != 6 {
		t.Fatalf("samples: %v, %v; want 6", paths, err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestEveryFormatGivesTheSameStaff(t *testing.T) {
	want := sampleStaff(t)
	for name, data := range sampleFiles(t) {
		crlf := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
		for spelling, input := range map[string][]byte{
			"plain":               data,
			"byte order mark":     append([]byte("\ufeff"), data...),
			"CRLF":                crlf,
			"mark and CRLF":       append([]byte("\ufeff"), crlf...),
			"blank lines first":   append([]byte("\n\r\n"), data...),
			"no newline at end":   bytes.TrimSpace(data),
			"blank lines at end":  append(bytes.Clone(data), "\r\n\n"...),
			"mark in CRLF, blank": append([]byte("\ufeff\r\n"), crlf...),
		} {
			t.Run(name+"/"+spelling, func(t *testing.T) {
				list, err := djangoexport.Parse(bytes.NewReader(input))
				if err != nil || len(list.Unknown) > 0 {
					t.Fatalf("unknown are %q, %v", list.Unknown, err)
				}
				if got := persons(list); !reflect.DeepEqual(got, want) {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			})
		}
	}
}

func TestFileIsReadInAnyPieces(t *testing.T) {
	for name, data := range sampleFiles(t) {
		list, err := djangoexport.Parse(iotest.OneByteReader(bytes.NewReader(data)))
		if err != nil || !reflect.DeepEqual(persons(list), sampleStaff(t)) {
			t.Errorf("%s: got %+v, %v", name, persons(list), err)
		}
	}
}

func TestReaderThatFailsIsNotAnEnd(t *testing.T) {
	broken := fmt.Errorf("the disk is gone: %w", io.EOF)
	files := sampleFiles(t)
	files["in a malformed row"] = []byte(header + line + `x"`)
	for name, data := range files {
		for _, length := range []int{0, 2, len(data) / 2, len(data)} {
			list, err := djangoexport.Parse(&hiccup{data: data[:length], err: broken})
			if !errors.Is(err, broken) || list.Rows != nil {
				t.Errorf("%s after %d bytes: got %d rows, %v", name, length, len(list.Rows), err)
			}
		}
	}
}

// A hiccup fails once and would then go on to the end.
type hiccup struct {
	data []byte
	err  error
}

func (h *hiccup) Read(p []byte) (int, error) {
	if len(h.data) > 0 {
		n := copy(p, h.data)
		h.data = h.data[n:]
		return n, nil
	}
	err := h.err
	h.err = io.EOF
	return 0, err
}

// A cut file must never pass for a smaller one, as long as the format can tell.
func TestCutFileIsRefused(t *testing.T) {
	for _, name := range []string{"staff.json", "staff_older.json"} {
		data := bytes.TrimSpace(sampleFiles(t)[name])
		for length := range len(data) {
			list, err := djangoexport.Parse(bytes.NewReader(data[:length]))
			if err == nil {
				t.Fatalf("%s cut at %d: got %d rows", name, length, len(list.Rows))
			}
		}
	}
}

const (
	aStaffID = "7d3f1c52-9a40-4e6b-8c1d-2f5a6b7c8d01"
	// secret is where no error may show it.
	secret = "scrypt$16384$saltiness$8$1$50417faf3ec84db7168b117521f8cb07"
	good   = `{"model":"accounts.staff","pk":"` + aStaffID + `","fields":{"email":"a@b.example","password":"` + secret + `"}}`
	header = "id,email,password\n"
	line   = aStaffID + ",a@b.example," + secret + "\n"
	howTo  = `make it with "python manage.py dumpdata accounts.staff --output staff.json"`
)

const neither = "the file is neither Django's dumpdata JSON nor CSV with a header line " +
	"that names the columns id, email, password and so on: " + howTo

func TestRefusedFiles(t *testing.T) {
	noObject := "not an object of Django's dumpdata where one should be: " + howTo
	for _, test := range []struct{ name, input, want string }{
		{"empty", "", "the file is empty: " + howTo},
		{"white space only", "\ufeff\r\n \t\n", "the file is empty: " + howTo},
		{"UTF-16, little end first", "\xff\xfe[\x00", "the file is UTF-16, as > writes it in PowerShell, and not UTF-8: " + howTo},
		{"UTF-16, big end first", "\xfe\xff\x00[", "the file is UTF-16, as > writes it in PowerShell, and not UTF-8: " + howTo},
		{"zip", "PK\x03\x04\x00\x00\x00\x00", neither},
		{"XML", `<?xml version="1.0"?><django-objects/>`, neither},
		{"YAML", "- model: accounts.staff\n  pk: 1\n", neither},
		{"JSON of another kind", `"staff"`, neither},
		{"row that is longer than any header", strings.Repeat("x", 2<<20), neither},
		{"quote open in the first line", `"id,email,password` + "\n" + line, neither},

		{"list of numbers", "[\n1]", "line 2: " + noObject},
		{"list of lists", "[[" + good + "]]", "line 1: " + noObject},
		{"null in the list", "[" + good + ",\nnull]", "line 2: " + noObject},
		{"no comma", "[" + good + "\n" + good + "]", "line 2: " + noObject},
		{"two commas", "[" + good + ",," + good + "]", "line 1: " + noObject},
		{"comma at the start", "[," + good + "]", "line 1: " + noObject},
		{"comma at the end", "[" + good + ",\n]", "line 2: " + noObject},
		{"comma in JSONL", good + ",\n" + good, "line 1: " + noObject},
		{"bracket in JSONL", good + "\n]", "line 2: " + noObject},
		{"log line before an object", good + "\nWARNING " + secret + "\n" + good, "line 2: " + noObject},
		{"second list", "[" + good + "]\n[" + good + "]", "line 2: something follows the end of the list: " + howTo},
		{"NUL at the end", "[" + good + "]\x00", "line 1: something follows the end of the list: " + howTo},
		{"list not closed", "[" + good + "\n", "line 2: the file ends too early, it is not complete: export it again"},
		{"list not opened further", "[", "line 1: the file ends too early, it is not complete: export it again"},
		{"comma, then nothing", "[" + good + ",", "line 1: the file ends too early, it is not complete: export it again"},
		{"object not closed", good + "\n" + good[:len(good)-1], "line 2: the file ends too early, it is not complete: export it again"},
		{"text not closed", good[:len(good)-3] + "\n" + good, "line 1: a text is not closed: the file is damaged, " + howTo},
		{"object without a model", "[\n{\"pk\":1}]", "line 2: an object whose model cannot be read: " + howTo},
		{"model that is no text", `{"model":7,"pk":1,"fields":{}}`, "line 1: an object whose model cannot be read: " + howTo},
		{"model twice", `{"model":"auth.group",` + good[1:], "line 1: an object whose model cannot be read: " + howTo},
		{"model behind damage", `{"pk":NaN,"model":"accounts.staff"}`, "line 1: an object whose model cannot be read: " + howTo},
		{"brackets that do not match", `{"model"]`, "line 1: an object whose model cannot be read: " + howTo},
		{"model behind nesting too deep", `{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `,"model":"x"}`,
			"line 1: an object whose model cannot be read: " + howTo},

		{"no objects", "[]", "the export holds no staff, but nothing: " + howTo},
		{"other models", `[{"model":"auth.group"},{"model":"auth.user"},{"model":"auth.group"}]`,
			"the export holds no staff, but auth.group, auth.user: " + howTo},
		{"many other models", `{"model":"a.b"}{"model":"c.d"}{"model":"e.f"}{"model":"g.h"}{"model":"i.j"}{"model":"k.l"}`,
			"the export holds no staff, but a.b, c.d, e.f, g.h, i.j: " + howTo},
		{"model that is no name", `{"model":"` + secret + `"}{"model":"` + strings.Repeat("x", 101) + `"}`,
			"the export holds no staff, but nothing: " + howTo},
		{"accounts.user is not staff", `{"model":"accounts.user"}`, "the export holds no staff, but accounts.user: " + howTo},
		{"staff as part of a name", `{"model":"staff.shift"}{"model":"a.office_staff"}`,
			"the export holds no staff, but staff.shift, a.office_staff: " + howTo},

		{"header only", header, "the export holds no staff, but a header line only: " + howTo},
		{"no header", line, neither},
		{"no id", "Email ,password\n" + line,
			"the first line must be the header, and it has no column id: export that column too, or " + howTo},
		{"nothing of people", "id\n" + line, neither},
		{"nothing of people that is read", "id,wage\n" + line, neither},
		{"column twice", "id,email,password,email\n", "columns 2 and 4 have the same name in the header: remove one"},
		{"column twice, in other case", "id,email,password, Email \n", "columns 2 and 4 have the same name in the header: remove one"},
		{"unknown column twice", "wage,id,email,password,wage\n", "columns 1 and 5 have the same name in the header: remove one"},
		{"quote not closed", header + line + `x,"` + line, "line 3: a quote is not closed, or not doubled within quotes: " + howTo},
		{"quote not doubled", header + `x,"a"b,c` + "\n", "line 2: a quote is not closed, or not doubled within quotes: " + howTo},
		{"quote in a value behind several lines", header + "\"x\ny\",a\"b,c\n" + line,
			"line 2: a quote is not closed, or not doubled within quotes: " + howTo},
		{"quote that takes the next row in", header + `x,"` + line + line[:len(line)-1] + `"` + "\n",
			"line 2: the row has 2 columns, the header has 3, and it goes over several lines: is a quote not closed?"},
		{"quote in a row that is too long", header + `x"` + strings.Repeat("x", 2<<20) + "\n" + line,
			"line 2: a row is longer than 1048576 bytes: is a quote not closed?"},
		{"long row behind a malformed one", header + `x,y"z,` + "\n" + `x,"` + strings.Repeat(line, 20_000),
			"line 3: a row is longer than 1048576 bytes: is a quote not closed?"},
		{"quote that takes a megabyte in", header + line + `x,"` + strings.Repeat(line, 20_000),
			"line 3: a row is longer than 1048576 bytes: is a quote not closed?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := djangoexport.Parse(strings.NewReader(test.input))
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if list.Rows != nil {
				t.Errorf("got %d rows with the error", len(list.Rows))
			}
		})
	}
}

// A name that is misspelt must not be taken for a field that the list does not have.
func TestUnknownFieldsAreNamedOnce(t *testing.T) {
	many, want := strings.Builder{}, []string(nil)
	for n := range 30 {
		fmt.Fprintf(&many, `,"field%02d":1`, n)
		if n < 20 {
			want = append(want, fmt.Sprintf("field%02d", n))
		}
	}
	long := strings.Repeat("é", 40)
	for _, test := range []struct {
		name, input string
		want        []string
	}{
		{"all known", good, nil},
		{"CSV", "id,email, Is_Activ ,wage_rate,,E-Mail\n" + aStaffID + ",a@b.example,True,9,,\n", []string{"is_activ", "e-mail"}},
		{"two objects", staffObject(changes{"IS_ACTIV": "true", "wage_rate": "9"}) + staffObject(changes{"is_activ": "true", "x": "1"}), []string{"is_activ", "x"}},
		{"other models", `{"model":"a.b","pk":1,"fields":{"name":1}}` + good, nil},
		{"long name", "id,email," + long + "\n" + aStaffID + ",a@b.example,\n", []string{long[:64]}},
		{"many", strings.Replace(good, "}}", many.String()+"}}", 1), want},
	} {
		list, err := djangoexport.Parse(strings.NewReader(test.input))
		if err != nil || !slices.Equal(list.Unknown, test.want) {
			t.Errorf("%s: unknown are %q, %v; want %q", test.name, list.Unknown, err, test.want)
		}
	}
}
