package application_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A use case stands in a file that is named like it, and a test file stands beside that file.
func TestEachUseCaseHasItsFiles(t *testing.T) {
	for name, file := range useCases(t) {
		want := strings.ToLower(regexp.MustCompile(`\B[A-Z]`).ReplaceAllString(name, "_$0")) + ".go"
		if filepath.Base(file) != want {
			t.Errorf("%s stands in %s: move it to %s", name, file, want)
		}
		tests := strings.TrimSuffix(file, ".go") + "_test.go"
		if content, err := os.ReadFile(tests); err != nil || !regexp.MustCompile(`[. ](New)?`+name+`\(`).Match(content) {
			t.Errorf("%s has no tests of its own: execute it in %s", name, tests)
		}
	}
}

// The fields of a front's use cases are named like them: who reads a handler finds the use case.
func TestFrontsNameUseCasesAsTheyAreNamed(t *testing.T) {
	known := useCases(t)
	fields := regexp.MustCompile(`(?m)^\t(\w+) +ports\.UseCase\[\w+\.(\w+?)(Command|Query),`)
	fronts, _ := filepath.Glob("../adapters/*/use_cases.go")
	if len(fronts) < 4 {
		t.Fatalf("there are %d fronts: want at least those for people, operators, letters and upkeep", len(fronts))
	}
	for _, front := range fronts {
		content, err := os.ReadFile(front)
		if err != nil {
			t.Fatal(err)
		}
		found := fields.FindAllStringSubmatch(string(content), -1)
		if want := strings.Count(string(content), "ports.UseCase["); len(found) != want || want == 0 {
			t.Errorf("%s has %d use cases, and %d fields that can be read", front, want, len(found))
		}
		for _, field := range found {
			if field[1] != field[2] || known[field[1]] == "" {
				t.Errorf("%s: the field %s holds the use case %s: give both the same name", front, field[1], field[2])
			}
		}
	}
}

// useCases are the files of all use cases by name. A use case is a type with a method Execute.
func useCases(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			if method, ok := declared.(*ast.FuncDecl); ok && method.Recv != nil && method.Name.Name == "Execute" {
				found[method.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name] = path
			}
		}
		return nil
	})
	if err != nil || len(found) < 40 {
		t.Fatalf("found %d use cases, %v", len(found), err)
	}
	return found
}
