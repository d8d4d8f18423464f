package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes the files of a small module in a folder, which becomes the working one.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	sum = `package sum

func Both(a, b bool) bool { return a && b }

func Old(age int) bool {
	return age >= 65
}
`
	sumTest = `package sum

import "testing"

func TestBoth(t *testing.T) {
	if Both(true, false) || !Old(70) || Old(60) {
		t.Error("wrong")
	}
}
`
)

func module(test string) map[string]string {
	return map[string]string{"go.mod": "module sum\n\ngo 1.26\n", "sum/sum.go": sum, "sum/sum_test.go": test}
}

func mutated(t *testing.T, o options) string {
	t.Helper()
	o.files, o.timeout, o.seed = "*.go", time.Minute, 1
	var out strings.Builder
	if err := mutate(t.Context(), &out, o, []string{"./sum"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The test knows the operator, but not the limit.
func TestFaultsThatNoTestNotices(t *testing.T) {
	write(t, module(sumTest))
	got := mutated(t, options{})
	for _, want := range []string{
		"sum/sum.go: Old: >= -> >\nsum/sum.go:6\n-\treturn age >= 65\n+\treturn age > 65\n",
		"sum/sum.go: Old: 65 -> 66\n",
		"| ./sum | 3 | 1 | 0 | 2 | 33 % |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("printed is\n%s, want in it\n%s", got, want)
		}
	}
	if content, err := os.ReadFile("sum/sum.go"); err != nil || string(content) != sum {
		t.Errorf("the source is another one now: %v", err)
	}
}

// Whoever has looked at a fault, and found that it changes nothing, writes it down.
func TestEquivalentFaults(t *testing.T) {
	files := module(sumTest)
	files["known.txt"] = "# a list\nsum/sum.go: Old: >= -> >\n    nobody is 65\n"
	write(t, files)
	got := mutated(t, options{skip: "known.txt"})
	if strings.Contains(got, ">= -> >") || !strings.Contains(got, "| ./sum | 3 | 1 | 1 | 1 | 50 % |") {
		t.Errorf("printed is\n%s", got)
	}
}

// The tests of the folder above may be about all that is in it.
func TestTestsOfThePackageAbove(t *testing.T) {
	files := module("package sum\n")
	files["sum_test.go"] = strings.ReplaceAll(sumTest, "package sum\n\nimport \"testing\"", "package all\n\nimport (\n\t. \"sum/sum\"\n\t\"testing\"\n)")
	write(t, files)
	if got := mutated(t, options{}); !strings.Contains(got, "| ./sum | 3 | 1 | 0 | 2 | 33 % |") {
		t.Errorf("printed is\n%s", got)
	}
}

// Steps that several packages share are tested through them.
func TestPackagesWithoutTestsOfTheirOwn(t *testing.T) {
	files := module(strings.ReplaceAll(sumTest, "package sum\n\nimport \"testing\"", "package user\n\nimport (\n\t. \"sum/sum\"\n\t\"testing\"\n)"))
	files["user/user_test.go"] = files["sum/sum_test.go"]
	delete(files, "sum/sum_test.go")
	write(t, files)
	if got := mutated(t, options{}); !strings.Contains(got, "| ./sum | 3 | 1 | 0 | 2 | 33 % |") {
		t.Errorf("printed is\n%s", got)
	}
	if err := os.RemoveAll("user"); err != nil {
		t.Fatal(err)
	}
	err := mutate(t.Context(), &strings.Builder{}, options{files: "*.go", timeout: time.Minute}, []string{"./sum"})
	if err == nil || !strings.Contains(err.Error(), "no tests") {
		t.Errorf("mutate without any tests: %v, want an error that says so", err)
	}
}

// Without a fault the tests must pass: else every fault would count as noticed.
func TestTestsThatFailAnyway(t *testing.T) {
	write(t, module(strings.Replace(sumTest, "Old(60)", "Old(80)", 1)))
	err := mutate(t.Context(), &strings.Builder{}, options{files: "*.go", timeout: time.Minute}, []string{"./sum"})
	if err == nil || !strings.Contains(err.Error(), "fail without a fault") {
		t.Errorf("mutate: %v", err)
	}
}

// interrupting stops the run with the first fault that it is told of.
type interrupting struct {
	bytes.Buffer
	stop context.CancelFunc
}

func (i *interrupting) Write(text []byte) (int, error) {
	i.stop()
	return i.Buffer.Write(text)
}

// A run of hours that is interrupted still says what it has found.
func TestTheTableOfAnInterruptedRun(t *testing.T) {
	write(t, module(sumTest))
	ctx, stop := context.WithCancel(t.Context())
	out := &interrupting{stop: stop}
	err := mutate(ctx, out, options{files: "*.go", timeout: time.Minute}, []string{"./sum", "./sum"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("mutate: %v, want that it was interrupted", err)
	}
	if got := out.String(); !strings.HasSuffix(got, "|\n| ./sum | 2 | 1 | 0 | 1 | 50 % |\n") {
		t.Errorf("printed is\n%s", got)
	}
}

func TestKindsOfFaults(t *testing.T) {
	faults, err := faultsOf("x.go", []byte(`package x

const limit = 0x10

func f(a int) (n int, err error) {
	defer g()
	if a < limit || ok {
		n++
		n += 2
		n, err = a-1, nil
		g()
		_ = h()
	}
	return n, err
}

func text() string { return "a" + "b" }
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, strings.TrimPrefix(f.line(), "x.go: "))
	}
	want := []string{
		"-: 0x10 -> 17", "f: nothing -> if true { return };", "f: defer g() -> nothing", "f: n++ -> nothing", "f: n += 2 -> _ = 2",
		"f: n, err = a-1, nil -> _, _ = a-1, nil", "f: g() -> nothing", "f: _ = h() -> nothing", "f: a < limit || ok -> !(a < limit || ok)",
		"f: || -> &&", "f: < -> <=", "f: 2 -> 3", "f: - -> +", "f: 1 -> 2", "f: err -> nil",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("faults are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// One seed makes one choice.
func TestSample(t *testing.T) {
	var faults []fault
	for n := range 100 {
		faults = append(faults, fault{number: n})
	}
	numbers := func(n int, seed uint64) (all []int) {
		for _, f := range sample(faults, n, seed) {
			all = append(all, f.number)
		}
		return all
	}
	if one := numbers(10, 1); len(one) != 10 || !slices.IsSorted(one) || !slices.Equal(one, numbers(10, 1)) || slices.Equal(one, numbers(10, 2)) {
		t.Errorf("chosen are %v, and with the next seed %v", one, numbers(10, 2))
	}
	if n := len(numbers(0, 1)); n != 100 {
		t.Errorf("all are %d, want 100", n)
	}
}
