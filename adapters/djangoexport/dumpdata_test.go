package djangoexport_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/djangoexport"
	"gatehouse/domain"
)

// changes are JSON values by name; an empty one takes the member away.
type changes map[string]string

// staffObject is a good object but for the changes to its fields, of which "pk" counts as
// one.
func staffObject(c changes) string {
	fields := changes{"pk": `"` + aStaffID + `"`, "email": `"a@b.example"`, "password": `"` + secret + `"`}
	maps.Copy(fields, c)
	head, body := `{"model":"accounts.staff"`, []string{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch member := `"` + name + `": ` + fields[name]; {
		case fields[name] == "":
		case name == "pk":
			head += "," + member
		default:
			body = append(body, member)
		}
	}
	return head + `,"fields":{` + strings.Join(body, " , ") + "}}"
}

func parseOne(t *testing.T, input string) person {
	t.Helper()
	list, err := djangoexport.Parse(strings.NewReader(input))
	if err != nil || len(list.Rows) != 1 {
		t.Fatalf("got %d rows, %v; want one", len(list.Rows), err)
	}
	if problem := list.Rows[0].Problem; problem != nil && !errors.Is(problem, domain.ErrInvalidStaff) {
		t.Errorf("the problem %q is no %v", problem, domain.ErrInvalidStaff)
	}
	return persons(list)[0]
}

func basePerson() person {
	return person{hash: secret, ImportRow: domain.ImportRow{Number: 1, ID: aStaffID, Email: domain.Says[domain.Email]("a@b.example")}}
}

func day(text string) domain.Date {
	date, err := domain.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return date
}

func TestFieldsOfDumpdata(t *testing.T) {
	for _, test := range fieldCases {
		if test.json == nil {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			want := basePerson()
			test.want(&want)
			compare(t, parseOne(t, "\n["+staffObject(test.json)+"]"), want, "pk")
		})
	}
}

// compare expects the problem on line 2.
func compare(t *testing.T, got, want person, key string) {
	t.Helper()
	gotProblem, wantProblem := "", ""
	if got.Problem != nil {
		gotProblem = got.Problem.Error()
	}
	if want.Problem != nil {
		wantProblem = "invalid staff record: line 2: " + strings.ReplaceAll(want.Problem.Error(), "KEY", key)
	}
	if gotProblem != wantProblem {
		t.Errorf("problem: got  %s\nwant %s", gotProblem, wantProblem)
	}
	if want.Problem != nil { // only who it is about counts then
		got = person{domain.ImportRow{Number: got.Number, ID: got.ID, Email: domain.Says(got.Email.Value)}, got.hash}
		want = person{domain.ImportRow{Number: want.Number, ID: want.ID, Email: domain.Says(want.Email.Value)}, want.hash}
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestStaffModels(t *testing.T) {
	for _, model := range []string{"accounts.staff", "workflow.Staff", "STAFF", "a.b.staff", `workflow.st\u0061ff`} {
		got := parseOne(t, strings.Replace(staffObject(nil), "accounts.staff", model, 1))
		if want := basePerson(); got != want {
			t.Errorf("%s: got %+v, want %+v", model, got, want)
		}
	}
}

func TestDamagedObjects(t *testing.T) {
	whole := staffObject(nil)
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, test := range []struct{ name, object, want string }{
		{"no fields", `{"model":"accounts.staff","pk":"` + aStaffID + `"}`, "fields is missing"},
		{"fields twice", whole[:len(whole)-1] + `,"fields":{}}`, "fields appears twice"},
		{"fields that are a list", `{"model":"accounts.staff","fields":["` + secret + `"]}`, "fields is not an object"},
		{"fields that are a huge number", `{"model":"accounts.staff","fields":1e999}`, "fields is not an object"},
		{"fields without a value", `{"model":"accounts.staff","fields":}`, "the object is not valid JSON"},
		{"fields that are null", `{"model":"accounts.staff","fields":null}`, "fields is not an object"},
		{"pk twice", strings.Replace(whole, `"pk"`, `"pk":1,"pk"`, 1), "pk appears twice"},
		{"address twice", strings.Replace(whole, `"email"`, `"email":"x@y.example","email"`, 1), "email appears twice"},
		{"password twice, once escaped", strings.Replace(whole, `"password"`, `"p\u0061ssword":"x","password"`, 1), "password appears twice"},
		{"NaN", strings.Replace(whole, `}}`, `,"wage":NaN}}`, 1), "the object is not valid JSON"},
		{"escape that JSON does not know", strings.Replace(whole, `}}`, `,"x":"\xe9"}}`, 1), "the object is not valid JSON"},
		{"NaN before the rest", strings.Replace(whole, `"email"`, `"wage":NaN,"email"`, 1), "the object is not valid JSON"},
		{"comma too many", strings.Replace(whole, `}}`, `,}}`, 1), "the object is not valid JSON"},
		{"comma missing", strings.Replace(whole, ` , `, ` `, 1), "the object is not valid JSON"},
		{"other brackets", strings.Replace(whole, `}}`, `]]`, 1), "the object is not valid JSON"},
		{"NUL", strings.Replace(whole, secret, secret+"\x00", 1), "the object is not valid JSON"},
		{"too deep", strings.Replace(whole, `}}`, `,"x":`+deep+`}}`, 1), "the object is not valid JSON"},
		{"too deep, in objects", strings.Replace(whole, `}}`, `,"x":`+strings.Repeat(`{"":`, 20_000)+"1"+strings.Repeat("}", 20_000)+`}}`, 1),
			"the object is not valid JSON"},
		{"not UTF-8", strings.Replace(whole, secret, secret+"\xff", 1), "the object is not valid UTF-8; password is not valid UTF-8"},
		{"not UTF-8 in an unknown field", strings.Replace(whole, `}}`, ",\"x\":\"\xe9\"}}", 1), "the object is not valid UTF-8"},
		{"too long", strings.Replace(whole, `}}`, `,"x":"`+strings.Repeat("x", 2<<20)+`"}}`, 1), "the object is too long"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := "invalid staff record: line 2: " + test.want
			list, err := djangoexport.Parse(strings.NewReader("[" + whole + ",\n" + test.object + "," + whole + "]"))
			got := list.Rows
			if err != nil || len(got) != 3 {
				t.Fatalf("got %d rows, %v; want 3", len(got), err)
			}
			if got[1].Number != 2 || got[1].Problem == nil || got[1].Problem.Error() != want {
				t.Errorf("got row %d, %v\nwant 2, %s", got[1].Number, got[1].Problem, want)
			}
			if got[0].Problem != nil || got[2].Problem != nil {
				t.Errorf("the rows beside it: %v, %v", got[0].Problem, got[2].Problem)
			}
		})
	}
}

// Who it is about must be said where it can be.
func TestDamagedObjectKeepsWhatCameBefore(t *testing.T) {
	for _, tail := range []string{`,"wage":NaN}}`, `,"wage":"` + strings.Repeat("x", 2<<20) + `"}}`, ",\"x\":\"\xff\"}}", `]]`} {
		got := parseOne(t, strings.Replace(staffObject(nil), "}}", tail, 1))
		if got.Problem == nil {
			t.Errorf("%.20q: no problem", tail)
		}
		if got.Problem = nil; got != basePerson() {
			t.Errorf("%.20q: got %+v, want %+v", tail, got, basePerson())
		}
	}
}

func TestDamageInOtherModelsIsNoMatter(t *testing.T) {
	for _, tail := range []string{`NaN`, `"5\" [oak"`, `"\\"`, "\"\xff\"", `1,"fields":1`, `"` + strings.Repeat("x", 2<<20) + `"`, strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)} {
		got := parseOne(t, `[{"model":"shop.job","fields":{"x":`+tail+`}},`+staffObject(nil)+`]`)
		if got != basePerson() {
			t.Errorf("%.20q: got %+v, want %+v", tail, got, basePerson())
		}
	}
}
