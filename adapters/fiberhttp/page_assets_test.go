package fiberhttp_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp/pages"
)

var assetOfPage = regexp.MustCompile(`/accounts/assets/[a-z]+-[0-9a-f]{16}\.[a-z]+`)

const assetPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

func TestPagesLoadTheirAssets(t *testing.T) {
	types := map[string]string{"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
	s := open(t, cookieMode)
	page := s.send(get(signInPath))
	seen := map[string]bool{}
	weight := len(page.body)
	for _, path := range assetOfPage.FindAllString(page.body, -1) {
		kind := path[strings.LastIndexByte(path, '.')+1:]
		a := s.send(get(path))
		check(t, a, 200, a.body)
		checkAlways(t, a, map[string]string{
			"Content-Type": types[kind], "Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": assetPolicy,
		})
		weight += len(a.body)
		seen[kind] = true
	}
	if kinds := slices.Sorted(maps.Keys(seen)); !slices.Equal(kinds, []string{"css", "js", "svg"}) {
		t.Errorf("the page loads %v", kinds)
	}
	if weight > 30_000 {
		t.Errorf("a page and what it loads are %d bytes", weight)
	}
	if foreign := regexp.MustCompile(`https?:|//[a-z]|url\(|@import`).FindString(strings.Join(strings.Fields(page.body), " ")); foreign != "" {
		t.Errorf("the page has %s", foreign)
	}
}

// What a logo must be, and what is not one.
func TestLogos(t *testing.T) {
	png, webp := "\x89PNG\r\n\x1a\nx", "RIFF\x00\x00\x00\x00WEBPVP8 "
	for name, c := range map[string]struct{ content, mediaType string }{
		"PNG":               {png, "image/png"},
		"JPEG":              {"\xff\xd8\xff\xe0x", "image/jpeg"},
		"WebP":              {webp, "image/webp"},
		"SVG":               {`<svg xmlns="http://www.w3.org/2000/svg"/>`, "image/svg+xml"},
		"SVG with prologue": {"<?xml version=\"1.0\"?>\n<!-- drawn -->\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>\n", "image/svg+xml"},
		"SVG with entities": {`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [<!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY u 'x'>]><svg xmlns="&ns_svg;">&u;</svg>`, "image/svg+xml"},
		"unknown entity":    {`<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&c;</svg>`, ""},
		"200 KB":            {png + strings.Repeat("x", 200_000-len(png)), "image/png"},
		"more":              {png + strings.Repeat("x", 200_001-len(png)), ""},
		"nothing":           {"", ""},
		"HTML":              {"<html><svg/></html>", ""},
		"half an SVG":       {"<svg>", ""},
		"GIF":               {"GIF89a", ""},
		"RIFF, no WebP":     {"RIFF\x00\x00\x00\x00WAVEfmt ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			logo, err := pages.NewLogo([]byte(c.content))
			if (err == nil) != (c.mediaType != "") {
				t.Fatalf("got %v", err)
			}
			s := open(t, cookieMode, func(s *shop) { s.config.Pages.Logo, s.config.Pages.ShopName = logo, `Tui & "Co"` })
			page := s.send(get(signInPath)).body
			source := regexp.MustCompile(`<img src="(/accounts/assets/logo-[0-9a-f]{16}\.[a-z]+)" alt="Tui &amp; &#34;Co&#34;">`).FindStringSubmatch(page)
			if (source != nil) != (err == nil) {
				t.Fatalf("the page is %s", page)
			}
			if err != nil {
				return
			}
			a := s.send(get(source[1]))
			if a.body != c.content {
				t.Error("the logo is another one")
			}
			checkAlways(t, a, map[string]string{"Content-Type": c.mediaType, "Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": assetPolicy})
		})
	}
}
