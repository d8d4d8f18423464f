package fiberhttp_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp/pages"
)

// Another language is one file: whatever a page says then comes from it.
func TestAnotherLanguage(t *testing.T) {
	content, err := os.ReadFile("pages/en.json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatal(err)
	}
	for key, text := range texts {
		if key != "time" {
			texts[key] = "«" + text + "»"
		}
	}
	texts["lang"], texts["dir"] = "ar", "rtl"
	if content, err = json.Marshal(texts); err != nil {
		t.Fatal(err)
	}
	parsed, err := pages.ParseTexts(content)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, cookieMode, unthrottled, func(s *shop) { s.config.Pages.Texts, s.config.Pages.ShopName = parsed, "" })
	access, _ := s.signIn(1)
	tag := regexp.MustCompile(`<[^>]*>`)
	for _, r := range []request{
		get(signInPath), get(pagePath), get(devicePath, accessCookie(access)), get("/nothing", browserAccepts), get("/", browserAccepts),
		post(signInPath, ""), submit(address(1), wrong, newPassword, newPassword), submit(address(1), password, "x", "x"), get(signInPath + "?done=signed_out"),
	} {
		a := s.send(r)
		if !strings.Contains(a.body, `<html lang="ar" dir="rtl">`) {
			t.Errorf("%s is not in the language: %s", r.path, a.body)
		}
		for line := range strings.Lines(tag.ReplaceAllString(a.body, "\n")) {
			line = strings.TrimSpace(line)
			words := regexp.MustCompile(`[A-Za-z]{3,}`).MatchString(line)
			if words && !strings.HasPrefix(line, "«") && line != "Gatehouse" && !strings.Contains(line, "@") && !regexp.MustCompile(`^\d+ Mar 2026`).MatchString(line) {
				t.Errorf("%s says %q", r.path, line)
			}
		}
	}
}
