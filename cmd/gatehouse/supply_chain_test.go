package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gatehouse/cmd/gatehouse/internal/program"
)

// goList asks the go command about the modules of this one.
func goList(t *testing.T, arguments ...string) []string {
	t.Helper()
	command := exec.Command("go", append([]string{"list"}, arguments...)...)
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0") // as a release is built
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v", command, err)
	}
	lines := strings.FieldsFunc(string(output), func(r rune) bool { return r == '\n' })
	slices.Sort(lines)
	return slices.Compact(lines)
}

// linked is the version of a module that is in this very program.
func linked(t *testing.T, path string) string {
	t.Helper()
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("the program does not know what it was built from")
	}
	i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == path })
	if i < 0 || info.Deps[i].Replace != nil {
		t.Fatalf("%s is not linked as it was published", path)
	}
	return info.Deps[i].Version
}

const leastFasthttp = "v1.77.0"

// Fiber asks for an old fasthttp, whose faults in finding the end of a request are not all
// in the vulnerability databases. What is linked must be newer, by a requirement of our own.
func TestFasthttpIsTheOverridingVersion(t *testing.T) {
	t.Parallel()
	const fasthttp = "github.com/valyala/fasthttp"
	got := linked(t, fasthttp)
	if older(got, leastFasthttp) {
		t.Errorf("fasthttp %s is linked, want %s at least", got, leastFasthttp)
	}
	ours, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(ours), "\t"+fasthttp+" "+got+"\n") {
		t.Errorf("go.mod does not itself require the fasthttp %s that is linked", got)
	}
	fibers, err := os.ReadFile(goList(t, "-m", "-f", "{{.GoMod}}", "github.com/gofiber/fiber/v2")[0])
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(fasthttp + ` (v\S+)`).FindSubmatch(fibers)
	if asked == nil || !older(string(asked[1]), got) {
		t.Errorf("Fiber asks for %s, which %s does not override: is the requirement still needed?", asked, got)
	}
}

// older compares versions such as v1.77.0.
func older(a, b string) bool {
	numbers := func(version string) (found []int) {
		for part := range strings.SplitSeq(strings.TrimPrefix(version, "v"), ".") {
			n, _ := strconv.Atoi(part)
			found = append(found, n)
		}
		return found
	}
	return slices.Compare(numbers(a), numbers(b)) < 0
}

// phrases are how the licences are told apart.
var phrases = map[string]string{
	"MIT":          "Permission is hereby granted, free of charge, to any person",
	"BSD-3-Clause": "Redistribution and use in source and binary forms",
	"Apache-2.0":   "Apache License",
}

var licenceRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| ([^|]+) \\|")

// docs/licences.md lists the modules that the program links, no more and no fewer, and each
// has the licence that is said.
func TestLicencesAreListed(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../docs/licences.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, row := range licenceRow.FindAllStringSubmatch(string(document), -1) {
		listed[row[1]+" "+row[2]] = row[3]
	}
	format := "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}"
	for _, line := range goList(t, "-deps", "-f", format, ".") {
		module := strings.Fields(line)
		name := module[0] + " " + module[1]
		checkLicence(t, name, module[2], listed[name])
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("docs/licences.md lists %s, which is not linked", name)
	}
}

func checkLicence(t *testing.T, module, dir, said string) {
	t.Helper()
	if said == "" {
		t.Errorf("docs/licences.md does not list %s", module)
		return
	}
	files, _ := filepath.Glob(filepath.Join(dir, "LICENSE*"))
	more, _ := filepath.Glob(filepath.Join(dir, "LICENSES", "*"))
	files = append(files, more...)
	var text strings.Builder
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(content)
	}
	for _, licence := range strings.Split(said, ", ") {
		if phrase := phrases[licence]; phrase == "" || !strings.Contains(text.String(), phrase) {
			t.Errorf("%s is listed under %s, which its files %v do not say", module, licence, files)
		}
	}
}

func TestVersionNamesTheLibraries(t *testing.T) {
	var out bytes.Buffer
	status := program.Run(t.Context(), []string{"version"}, program.Process{Stdout: &out, Stderr: &out})
	if status != 0 || !regexp.MustCompile(`(?m)^modernc\.org/sqlite v1\.`).MatchString(out.String()) {
		t.Errorf("status %d, printed %s", status, out.String())
	}
}
