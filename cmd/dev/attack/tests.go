package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// A job is one call of go test.
type job struct {
	folder string
	run    string // for its flag -run
}

// plan is how to run all tests that the attacks name: a call for each folder, and one for
// each test of which only subtests are named.
func plan(attacks []attack) (jobs []job) {
	whole, parts := map[string][]string{}, map[string][]string{}
	for _, a := range attacks {
		for _, test := range a.tests {
			folder, path, _ := strings.Cut(test, " ")
			top, sub, _ := strings.Cut(path, "/")
			sub, _, _ = strings.Cut(sub, "/")
			if sub == "" {
				whole[folder] = append(whole[folder], top)
			} else {
				parts[folder+" "+top] = append(parts[folder+" "+top], sub)
			}
		}
	}
	for folder, tops := range whole {
		jobs = append(jobs, job{folder, anyOf(tops)})
	}
	for test, subs := range parts {
		folder, top, _ := strings.Cut(test, " ")
		jobs = append(jobs, job{folder, anyOf([]string{top}) + "/" + anyOf(subs)})
	}
	slices.SortFunc(jobs, func(a, b job) int { return strings.Compare(a.folder+a.run, b.folder+b.run) })
	return jobs
}

func anyOf(names []string) string {
	slices.Sort(names)
	return "^(" + strings.Join(slices.Compact(names), "|") + ")$"
}

// results are the outcomes of tests and subtests, by folder and path.
type results map[string]bool

// behindProxies are the attacks with their tests behind real proxies among the others.
func behindProxies(attacks []attack) (all []attack) {
	for _, a := range attacks {
		a.tests = slices.Concat(a.tests, a.system)
		all = append(all, a)
	}
	return all
}

// runTests runs the jobs one after the other, built with the tags. An error is one of go test.
func runTests(jobs []job, tags string) (results, error) {
	all := results{}
	var failed error
	for _, j := range jobs {
		cmd := exec.Command("go", "test", "-count=1", "-json", "-tags", tags, "-run", j.run, "./"+j.folder)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		failed = errors.Join(failed, err)
		all.read(j.folder, out)
	}
	return all, failed
}

// read takes the outcomes from what go test -json has written.
func (r results) read(folder string, out []byte) {
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct{ Action, Test string }
		if json.Unmarshal(lines.Bytes(), &event) != nil || event.Test == "" {
			continue
		}
		switch event.Action {
		case "pass":
			r[folder+" "+event.Test] = true
		case "fail", "skip":
			r[folder+" "+event.Test] = false
		}
	}
}

// passed reports whether a test that an attack names was run, and has passed in all its
// variants.
func (r results) passed(test string) bool {
	found := false
	for ran, good := range r {
		if fits(test, ran) {
			if !good {
				return false
			}
			found = true
		}
	}
	return found
}

// fits reports whether the path of a test is one that a name stands for. A part of a name
// may be followed by what tells variants apart.
func fits(name, path string) bool {
	names, parts := strings.Split(name, "/"), strings.Split(path, "/")
	folder := strings.Count(name[:strings.IndexByte(name, ' ')], "/") // slashes of its own
	if len(names) != len(parts) {
		return false
	}
	for i, want := range names {
		exact := parts[i] == want
		if !exact && (i <= folder || want != "" && !strings.HasPrefix(parts[i], want+"_")) {
			return false
		}
	}
	return true
}
