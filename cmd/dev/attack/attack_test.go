package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The list has these cases, each once and in order.
func TestEveryCaseIsThere(t *testing.T) {
	var want, got []string
	for _, group := range []struct {
		letter string
		cases  int
	}{{"A", 22}, {"B", 12}, {"C", 11}, {"D", 16}, {"E", 10}, {"F", 13}, {"G", 8}, {"H", 10}, {"I", 7}, {"J", 11}, {"K", 14}, {"L", 13}} {
		for n := range group.cases {
			want = append(want, fmt.Sprintf("%s%02d", group.letter, n+1))
		}
	}
	for _, a := range attacks {
		got = append(got, a.id)
		said := 0
		for _, is := range []bool{len(a.tests) > 0, a.none != "", a.open != ""} {
			if is {
				said++
			}
		}
		if said != 1 || a.what == "" {
			t.Errorf("%s has not exactly one of tests, a reason, and what is open", a.id)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("there are %d cases, want %d: %q", len(got), len(want), got)
	}
}

// Every test that is named must be in the tree, with its subtest.
func TestEveryTestIsThere(t *testing.T) {
	sources := map[string]string{}
	for _, a := range behindProxies(attacks) {
		for _, test := range a.tests {
			folder, path, _ := strings.Cut(test, " ")
			if sources[folder] == "" {
				sources[folder] = testsIn(t, folder)
			}
			parts := strings.Split(path, "/")
			if !strings.Contains(sources[folder], "\nfunc "+parts[0]+"(") {
				t.Errorf("%s names %s, which is not there", a.id, test)
			}
			if last := parts[len(parts)-1]; len(parts) > 1 && !hasSubtest(sources[folder], folder, last) {
				t.Errorf("%s names %s, whose subtest is not there", a.id, test)
			}
		}
	}
}

// testsIn is the source of all tests of a folder.
func testsIn(t *testing.T, folder string) string {
	t.Helper()
	files, _ := filepath.Glob("../../../" + folder + "/*_test.go")
	if len(files) == 0 {
		t.Fatalf("there are no tests in %s", folder)
	}
	var all strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

// hasSubtest looks for the name in quotes, where a space stands for each underscore, or for
// a script.
func hasSubtest(source, folder, name string) bool {
	if _, err := os.Stat("../../../" + folder + "/testdata/script/" + name + ".txtar"); err == nil {
		return true
	}
	return regexp.MustCompile(`"` + strings.ReplaceAll(name, "_", "[ _]") + `["\s]`).MatchString(source)
}

// What was not run has not passed, and what has failed in one variant has failed.
func TestOutcomes(t *testing.T) {
	r := results{
		"a/b TestX": true, "a/b TestX/HS256/A01": true, "a/b TestX/ES256/A01": false, "a/b TestX/HS256/A02": true, "a/b TestX/ES256/A02_more": true,
		"a/b TestY": false, "c TestZ/A01": true, "c TestZ/A011": false,
	}
	for test, want := range map[string]bool{
		"a/b TestX": true, "a/b TestX//A01": false, "a/b TestX//A02": true, "a/b TestX//A03": false, "a/b TestY": false, "a/b Test": false,
		"c TestZ/A01": true, "c TestZ": false, "c TestX": false, "b TestX": false,
	} {
		if got := r.passed(test); got != want {
			t.Errorf("%s: passed %t, want %t", test, got, want)
		}
	}
	var out strings.Builder
	failed := report(&out, []attack{
		{id: "A01", tests: []string{"a/b TestX"}}, {id: "A02", tests: []string{"a/b TestX", "a/b TestY"}}, {id: "A03", none: "no"}, {id: "A04", open: "later"},
	}, r)
	if want := "4 attacks: 2 apply, of which 1 pass; 1 not applicable; 1 open\n"; failed != 1 || !strings.HasSuffix(out.String(), want) {
		t.Errorf("%d have failed:\n%s", failed, out.String())
	}
}

func TestPlan(t *testing.T) {
	got := plan([]attack{{tests: []string{"a TestX", "a TestX/one", "a TestY//two", "b TestZ/one", "b TestZ/two"}}, {tests: []string{"a TestX"}}})
	want := []job{{"a", "^(TestX)$/^(one)$"}, {"a", "^(TestX|TestY)$"}, {"b", "^(TestZ)$/^(one|two)$"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
