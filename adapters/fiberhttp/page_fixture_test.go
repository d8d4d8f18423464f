package fiberhttp_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The pages, besides pagePath.
const (
	signInPath = "/accounts/login/"
	devicePath = "/accounts/sessions/"
)

// pagePaths are those that answer with a page whatever they are asked; the others may lead on.
var pagePaths = append(site("password_change"), append(site("password_reset"), site("password_reset/confirm")...)...)

// pagePolicy is the policy of every page, unless signing in may lead elsewhere.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// browserAccepts is how a browser asks for what it is going to show.
const browserAccepts = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// fill sends a form, given as name and text in turn.
func fill(path string, pairs ...string) request {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return post(path, values.Encode(), formType, sameOrigin, browserAccepts)
}

var (
	headingOfPage = regexp.MustCompile(`<h1>(.*)</h1>`)
	problemOfPage = regexp.MustCompile(`<li>(?:<a href="#(\w+)">)?([^<]*)(?:</a>)?</li>`)
	summaryOfPage = regexp.MustCompile(`(?s)<div class="problem" role="alert" id="problem" tabindex="-1" autofocus aria-labelledby="problem-title">(.*?)</div>`)
	faultOfField  = regexp.MustCompile(`<div class="fault" id="(\w+)-fault">(.*?)</div>`)
	activeContent = regexp.MustCompile(`(?i)<script(?: [^>]*)?>[^<]|<style| style=| on\w+=|javascript:|<iframe|<object|<base`)
)

// checkPage checks what is the same on every page.
func checkPage(t *testing.T, a answer, status int, heading string) {
	t.Helper()
	if got := html.UnescapeString(headingOf(a)); a.status != status || got != heading {
		t.Errorf("got %d, headed %q, want %d, %q:\n%s", a.status, got, status, heading, a.body)
	}
	if !strings.HasPrefix(a.body, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n") || !strings.HasSuffix(a.body, "</html>\n") {
		t.Errorf("the page is not whole:\n%s", a.body)
	}
	if found := activeContent.FindString(a.body); found != "" {
		t.Errorf("the page has %q in it, which its policy forbids", found)
	}
	checkAlways(t, a, map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": pagePolicy})
}

func headingOf(a answer) string {
	if found := headingOfPage.FindStringSubmatch(a.body); found != nil {
		return found[1]
	}
	return ""
}

// problemsOf lists what the summary says is wrong, each with its field, if it has one. The same
// must stand beside the field.
func problemsOf(a answer) string {
	var all, beside []string
	summary := summaryOfPage.FindString(a.body)
	for _, found := range problemOfPage.FindAllStringSubmatch(summary, -1) {
		line := html.UnescapeString(found[2])
		if found[1] != "" {
			line = found[1] + ": " + line
			beside = append(beside, line)
		}
		all = append(all, line)
	}
	if told := faultsBeside(a); strings.Join(beside, "|") != strings.Join(told, "|") {
		return "the summary says " + strings.Join(beside, "|") + ", the fields " + strings.Join(told, "|")
	}
	return strings.Join(all, "|")
}

// faultsBeside are what stands beside the fields that are marked as wrong.
func faultsBeside(a answer) (all []string) {
	for _, found := range faultOfField.FindAllStringSubmatch(a.body, -1) {
		field := regexp.MustCompile(`<input id="` + found[1] + `"[^>]* aria-describedby="[^"]*` + found[1] + `-fault"[^>]* aria-invalid="true">`)
		if !field.MatchString(a.body) {
			all = append(all, found[1]+" is not marked as wrong")
		}
		for _, text := range regexp.MustCompile(`<p>(.*?)</p>`).FindAllStringSubmatch(found[2], -1) {
			all = append(all, found[1]+": "+html.UnescapeString(text[1]))
		}
	}
	return all
}

// typedInto is what a field has in it.
func typedInto(a answer, field string) string {
	found := regexp.MustCompile(`<input id="` + field + `"[^>]* value="([^"]*)"`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// linkOn is the address behind a link with the text.
func linkOn(a answer, text string) string {
	found := regexp.MustCompile(`<a href="([^"]*)">` + regexp.QuoteMeta(text) + `</a>`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}
