package acceptance

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/gatehouse/internal/config"
)

var (
	numberRow   = regexp.MustCompile("(?m)^\\| [^|]+ \\| ([^|]+) \\| `([^`]+)` \\|$")
	inBackticks = regexp.MustCompile("`([A-Z]+(?:_[A-Z]+)+)`")
)

// The numbers that the document tells are those of the code: the default of an option, or a
// constant of a package.
func TestNumbersOfTheSecurityDocument(t *testing.T) {
	t.Parallel()
	rows := numberRow.FindAllStringSubmatch(section(t, "## Numbers"), -1)
	if len(rows) < 25 {
		t.Fatalf("%d numbers are found", len(rows))
	}
	for _, row := range rows {
		told, where := row[1], row[2]
		folder, name, isConstant := strings.Cut(where, " ")
		switch {
		case !isConstant && told != defaultOf(t, where):
			t.Errorf("%s is %q, the document says %q", where, defaultOf(t, where), told)
		case isConstant && told != constantOf(t, folder, name, told):
			t.Errorf("%s is %q, the document says %q", where, constantOf(t, folder, name, told), told)
		}
	}
}

// Whatever looks like an option is one.
func TestOptionsOfTheSecurityDocument(t *testing.T) {
	t.Parallel()
	for _, found := range inBackticks.FindAllStringSubmatch(readSecurityDocument(t), -1) {
		defaultOf(t, found[1])
	}
}

// section is what stands below a heading, up to the next one of its kind.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(readSecurityDocument(t), "\n"+heading+"\n")
	if !found {
		t.Fatalf("the document has no %q", heading)
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}

func defaultOf(t *testing.T, name string) string {
	t.Helper()
	all := config.Options()
	i := slices.IndexFunc(all, func(o config.Option) bool { return o.Name == name })
	if i < 0 {
		t.Errorf("there is no option %s", name)
		return ""
	}
	return all[i].DefaultValue
}

// constantOf writes the value of a package's constant as the document does: a duration in
// the spelling that the document has chosen, if that is the same, or a number.
func constantOf(t *testing.T, folder, name, told string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, duration := constantIn(t, file, name); text != "" {
			if same, err := time.ParseDuration(told); duration != 0 && err == nil && same == duration {
				return told
			}
			return text
		}
	}
	t.Errorf("there is no constant %s in %s", name, folder)
	return ""
}

// constantIn looks for a constant in one file. It may be made of numbers and of the units
// of package time.
func constantIn(t *testing.T, file, name string) (text string, duration time.Duration) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || spec.Names[0].Name != name {
			return true
		}
		expression := types.ExprString(spec.Values[0])
		plain := strings.NewReplacer("time.Millisecond", "1000000", "time.Second", "1000000000", "time.Minute", "60000000000").Replace(expression)
		value, err := types.Eval(files, nil, token.NoPos, plain)
		if err != nil {
			t.Fatalf("%s = %s: %v", name, expression, err)
		}
		text = value.Value.ExactString()
		if n, exact := constant.Int64Val(value.Value); exact && plain != expression {
			text, duration = time.Duration(n).String(), time.Duration(n)
		}
		return true
	})
	return text, duration
}

var wayIn = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

// What the guide to the API lists beside its public documents is a way in, and nothing else
// is.
func TestWaysInAreThoseOfTheGuide(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	for _, row := range wayIn.FindAllStringSubmatch(section(t, "## Ways in"), -1) {
		told[row[1]] = true
	}
	served := pathsOfTheGuide(t)
	if !maps.Equal(told, served) {
		t.Errorf("the document has the ways in %v, the guide %v", slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(served)))
	}
}

var guideRow = regexp.MustCompile("(?m)^\\| [A-Z, ]+ \\| (?:api|site) \\| `([^`]+)` \\|")

func pathsOfTheGuide(t *testing.T) map[string]bool {
	t.Helper()
	guide, err := os.ReadFile("../../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, row := range guideRow.FindAllSubmatch(guide, -1) {
		paths[string(row[1])] = true
	}
	if len(paths) < 10 {
		t.Fatalf("the guide has %d paths", len(paths))
	}
	return paths
}
