package blocklist_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/blocklist"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "words.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadWords(t *testing.T) {
	for content, want := range map[string][]string{
		"":                                    nil,
		"# nothing\n\n  \n":                   nil,
		"kauri\njoinery":                      {"kauri", "joinery"},
		"\ufeffkauri\r\n # no\r\n  Kōwhai \n": {"kauri", "Kōwhai"},
		"two words\n":                         {"two words"},
		strings.Repeat("é", 64):               {strings.Repeat("é", 64)},
	} {
		got, err := blocklist.ReadWords(write(t, content))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q gives %q, %v; want %q", content, got, err, want)
		}
	}
}

func TestReadWordsRefuses(t *testing.T) {
	for content, want := range map[string]string{
		"kauri\nab\n":                          "line 2 is shorter than 3 characters",
		strings.Repeat("x", 65):                "line 1 is longer than 64 characters",
		"#\n\nkau\xffri":                       "line 3 is not UTF-8",
		"kau\x00ri":                            "line 1 has a control character",
		strings.Repeat("kauri\n", 10001):       "there are more than 10000 words",
		strings.Repeat("#", 1<<20+1):           "it is larger than 1 MiB",
		"kauri\n" + strings.Repeat("y", 1<<19): "line 2 is longer than 64 characters",
	} {
		if got, err := blocklist.ReadWords(write(t, content)); err == nil || err.Error() != want || got != nil {
			t.Errorf("%.20q gives %q, %v; want %q", content, got, err, want)
		}
	}
	folder := t.TempDir()
	for path, want := range map[string]string{folder: "it is not a file", folder + "/none": "no such file or directory"} {
		if _, err := blocklist.ReadWords(path); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
