package acceptance

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the counts in docs/security.md")

const securityDocument = "../../../docs/security.md"

// A requirementRow is one row of the tables of requirements in docs/security.md.
type requirementRow struct {
	id, level, short, verdict, proof string
}

var verdicts = []string{"met", "deviation", "n.a.", "open"}

func readSecurityDocument(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(securityDocument)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// requirements reads the rows, and insists on their form.
func requirements(t *testing.T) (rows []requirementRow) {
	t.Helper()
	for line := range strings.Lines(readSecurityDocument(t)) {
		if !strings.HasPrefix(line, "| V") && !strings.HasPrefix(line, "| RFC") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != 5 || !strings.HasSuffix(cells[4], " |") {
			t.Fatalf("not a row of five cells: %s", line)
		}
		rows = append(rows, requirementRow{strings.TrimPrefix(cells[0], "| "), cells[1], cells[2], cells[3], strings.TrimSuffix(cells[4], " |")})
	}
	if len(rows) < 150 {
		t.Fatalf("%d requirements are found: want the whole list", len(rows))
	}
	return rows
}

// testName is a test with, where several packages have one of that name, its folder before
// it, or a script after it.
const testName = `(?:[a-z]+\.)?(?:Test|Fuzz)[A-Z]\w*(?:/\w+)?`

var (
	testNames     = regexp.MustCompile(`\b` + testName + `\b`)
	onlyTestNames = regexp.MustCompile(`^` + testName + `(?:, ` + testName + `)*$`)
	levelOfASVS   = regexp.MustCompile(`^L[12]$`)
	strengths     = []string{"must", "should", "may"}
)

// A verdict says what holds: "met" gives the tests that prove it and nothing else, any
// other gives a reason.
func TestEveryRequirementHasAVerdict(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, row := range requirements(t) {
		asvs := strings.HasPrefix(row.id, "V")
		switch {
		case seen[row.id]:
			t.Errorf("%s comes twice", row.id)
		case asvs && !levelOfASVS.MatchString(row.level) || !asvs && !slices.Contains(strengths, row.level):
			t.Errorf("%s has the level %q", row.id, row.level)
		case !slices.Contains(verdicts, row.verdict):
			t.Errorf("%s has the verdict %q, want one of %q", row.id, row.verdict, verdicts)
		case row.verdict == "met" && !onlyTestNames.MatchString(row.proof):
			t.Errorf("%s is met: name the tests that prove it, and nothing else, instead of %q", row.id, row.proof)
		case row.short == "" || row.proof == "":
			t.Errorf("%s says nothing", row.id)
		}
		seen[row.id] = true
	}
	for _, chapter := range wholeChapters {
		for id := range strings.FieldsSeq(chapter) {
			if !seen["V"+id] {
				t.Errorf("V%s has no row", id)
			}
		}
	}
}

// wholeChapters are the requirements of levels 1 and 2 of V6, V7 and V9 in ASVS 5.0: of
// these none may be left out.
var wholeChapters = []string{
	"6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.1 6.3.2 6.3.3 6.3.4",
	"6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4",
	"7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2",
	"9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4",
}

// Every test that the document names is in exactly one package.
func TestTheTestsThatAreNamedExist(t *testing.T) {
	t.Parallel()
	places := testsOfTheModule(t)
	for _, name := range testNames.FindAllString(readSecurityDocument(t), -1) {
		name, script, isScript := strings.Cut(name, "/")
		if isScript {
			if _, err := os.Stat(filepath.Join("testdata", "script", script+".txtar")); err != nil || name != "TestScripts" {
				t.Errorf("there is no script %s", script)
			}
		}
		folder, bare, qualified := strings.Cut(name, ".")
		if !qualified {
			folder, bare = "", name
		}
		found := slices.DeleteFunc(slices.Clone(places[bare]), func(place string) bool { return qualified && place != folder })
		if len(found) != 1 {
			t.Errorf("%s is in %d packages %q: want one; write folder.%s if there are several", name, len(found), found, bare)
		}
	}
}

var testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(\w+ \*testing\.[TF]\)`)

// testsOfTheModule are the folders, without their parents, in which each test is.
func testsOfTheModule(t *testing.T) map[string][]string {
	t.Helper()
	places := map[string][]string{}
	err := filepath.WalkDir("../../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		for _, found := range testFunction.FindAllSubmatch(content, -1) {
			name := string(found[1])
			places[name] = append(places[name], filepath.Base(filepath.Dir(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

const (
	startOfCounts = "<!-- counts -->\n"
	endOfCounts   = "<!-- end of counts -->"
)

// The document claims no more than its rows do. To count anew:
//
//	go test ./cmd/gatehouse/acceptance -run TestCountsOfTheSecurityDocument -update
func TestCountsOfTheSecurityDocument(t *testing.T) {
	document := readSecurityDocument(t)
	before, rest, started := strings.Cut(document, startOfCounts)
	table, after, ended := strings.Cut(rest, endOfCounts)
	if !started || !ended {
		t.Fatal("the document has no place for the counts")
	}
	want := countsTable(requirements(t))
	if *update {
		if err := os.WriteFile(securityDocument, []byte(before+startOfCounts+want+endOfCounts+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("the counts are out of date: run this test with -update\ngot:\n%s\nwant:\n%s", table, want)
	}
}

func countsTable(rows []requirementRow) string {
	counted := map[string]int{}
	for _, row := range rows {
		counted[row.level+row.verdict]++
	}
	var out strings.Builder
	out.WriteString("| level | met | deviation | n.a. | open |\n| --- | --- | --- | --- | --- |\n")
	for _, level := range []string{"L1", "L2"} {
		out.WriteString("| " + level)
		for _, verdict := range verdicts {
			fmt.Fprintf(&out, " | %d", counted[level+verdict])
		}
		out.WriteString(" |\n")
	}
	return out.String()
}
