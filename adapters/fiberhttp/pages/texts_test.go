package pages_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp/pages"
)

func english(t *testing.T) map[string]string {
	t.Helper()
	content, err := os.ReadFile("en.json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func parse(t *testing.T, texts any) (pages.Texts, error) {
	t.Helper()
	content, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	return pages.ParseTexts(content)
}

// A file that would leave something unsaid is refused, and told what is wrong with it.
func TestTextsAreRefused(t *testing.T) {
	change := func(key string, value string) map[string]string {
		texts := english(t)
		if texts[key] = value; value == "" {
			delete(texts, key)
		}
		return texts
	}
	for name, c := range map[string]struct {
		texts any
		says  string
	}{
		"one missing":     {change("sign_in.title", ""), "sign_in.title is missing"},
		"one blank":       {change("sign_in.title", " "), "sign_in.title is missing"},
		"one too many":    {change("sign_on.title", "x"), "sign_on.title is not a text of the pages"},
		"a place missing": {change("sign_in.already", "Hello"), "sign_in.already must have the places {0}"},
		"a place more":    {change("sign_in.title", "Hello {0}"), "sign_in.title must have the places "},
		"no language":     {change("lang", "English, of course"), "lang is not a language"},
		"no time":         {change("time", "DD.MM.YYYY HH:mm"), "time does not show when: write it as 2006-01-02 15:04"},
		"no day":          {change("time", "15:04"), "time does not show when"},
		"no direction":    {change("dir", "up"), "dir is neither ltr nor rtl"},
		"a list":          {[]string{"x"}, "is not a JSON object of texts"},
		"numbers":         {map[string]int{"lang": 1}, "is not a JSON object of texts"},
		"too much":        {map[string]string{"lang": strings.Repeat("x", 64<<10)}, "is larger than 64 KB"},
	} {
		if _, err := parse(t, c.texts); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

// What editors make of a file: a mark at its beginning does no harm, another encoding would
// leave its letters unreadable, and a slip of the pen is told by its line.
func TestTextsOfAnEditor(t *testing.T) {
	texts := english(t)
	texts["sign_in.title"] = "Anmeldung für alle"
	content, err := json.MarshalIndent(texts, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, says string }{
		"byte order mark":    {"\ufeff" + string(content), ""},
		"Latin 1":            {strings.ReplaceAll(string(content), "ü", "\xfc"), "is not in UTF-8"},
		"UTF-16":             {"\xff\xfe{\x00", "is not in UTF-8"},
		"a comma missing":    {"{\n  \"lang\": \"en\"\n  \"dir\": \"ltr\"\n}", "is not a JSON object of texts: see line 3"},
		"no quotation marks": {"{\n  lang: en}", "is not a JSON object of texts: see line 2"},
		"cut off":            {"{\n\n", "is not a JSON object of texts: see line 3"},
		"a number":           {"{\n\"lang\": 1}", "is not a JSON object of texts: see line 2"},
	} {
		switch _, err := pages.ParseTexts([]byte(c.content)); {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.says != "" && (err == nil || err.Error() != c.says):
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

// Every text is used somewhere, and every one that is used is there.
func TestTextsAreUsed(t *testing.T) {
	var sources strings.Builder
	for _, pattern := range []string{"../page*.go", "../guard*.go", "*.go", "*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if content, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, "_test.go") {
				sources.Write(content)
			}
		}
	}
	texts := english(t)
	for _, found := range regexp.MustCompile(`(?:[Ss]ay\(|text )"([a-z0-9_.]+)"`).FindAllStringSubmatch(sources.String(), -1) {
		if _, there := texts[found[1]]; !there && !strings.HasSuffix(found[1], ".") {
			t.Errorf("%s is said, and is not there", found[1])
		}
	}
	for key := range texts {
		group, _, _ := strings.Cut(key, ".")
		if !strings.Contains(sources.String(), `"`+key+`"`) && !strings.Contains(sources.String(), `"`+group+`."`) {
			t.Errorf("%s is never said", key)
		}
	}
}
