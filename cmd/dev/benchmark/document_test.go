package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestTablesReplaceThoseBefore(t *testing.T) {
	const before, after = "# Benchmarks\n\nProse.\n\n" + tablesBegin, tablesEnd + "\nMore prose.\n"
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	write(t, path, before+"\nold\n\n"+after)
	for range 2 {
		d, err := openDocument(path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(d, "new")
		if err := d.save(); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != before+"\nnew\n\n"+after {
			t.Fatalf("the document is now:\n%s", got)
		}
	}
}

func TestWithoutMarkersNothingIsMeasured(t *testing.T) {
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	for _, text := range []string{"", "prose\n", tablesBegin, tablesEnd + tablesBegin} {
		write(t, path, text)
		if _, err := openDocument(path); err == nil {
			t.Errorf("%q is taken for a document with markers", text)
		}
	}
}

// The document that the command is for must have its markers.
func TestTheProjectsDocumentHasMarkers(t *testing.T) {
	if _, err := openDocument("../../../docs/benchmarks.md"); err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
