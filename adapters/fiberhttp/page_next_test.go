package fiberhttp_test

import (
	"net/url"
	"strings"
	"testing"
)

// Where ?next= may lead, and what it is taken for by browsers if it is not refused.
var destinations = map[string]bool{
	"/": true, "/jobs/": true, "/jobs/7": true, "/jobs/?a=b&c=//d": true, "/jobs/#/deep//link": true, "/a%20b/": true, "/a.b/..c/": true, "/~kea/(x)": true,
	friend: true, friend + "/": true, friend + "/jobs/?x=1#y": true,

	publicURL: true, publicURL + "/": true, publicURL + "/jobs/?x=1#y": true,

	publicURL + ".evil.test/": false, publicURL + "@evil.test/": false, publicURL + ":444/": false, publicURL + "//evil.test": false, publicURL + "\\@evil.test": false, "http://gate.example.test/": false, "https://GATE.example.test/": false,
	"": false, "//evil.test": false, "///evil.test": false, "////evil.test": false, "/\\evil.test": false, "\\\\evil.test": false, "\\/evil.test": false,
	"/\t/evil.test": false, "/\n/evil.test": false, "\t//evil.test": false, " //evil.test": false, "/ /evil.test": false, "/\x00/evil.test": false, "/\x7f": false, "/\r\nSet-Cookie: a=b": false,
	"/%2fevil.test": false, "/%2F%2Fevil.test": false, "/%5cevil.test": false, "/%09/evil.test": false, "/%00": false, "/%0d%0aX: y": false, "/%252fevil.test": false, "/%zz": false, "/%": false, "%2f%2fevil.test": false,
	"/./evil": false, "/..//evil.test": false, "/x/..//evil.test": false, "/.//evil.test": false, "/%2e%2e//evil.test": false, "/x/%2e%2e/y": false, "/x//y": false, "/..": false,
	"https:evil.test": false, "https:/evil.test": false, "https://evil.test": false, "https:///evil.test": false, "https:\\\\evil.test": false, "HTTPS://EVIL.TEST/": false, "http://evil.test/": false,
	"evil.test": false, "evil.test/": false, "jobs/": false, "?x": false, "#x": false, ".": false, "..": false,
	"javascript:alert(1)": false, "JavaScript:alert(1)": false, "java\nscript:alert(1)": false, "data:text/html,x": false, "vbscript:x": false, "file:///etc/passwd": false, "about:blank": false, "blob:x": false,
	friend + "@evil.test/": false, friend + ".evil.test/": false, friend + ":1@evil.test": false, friend + "0/": false, friend + "\\@evil.test": false, friend + "//evil.test": false, friend + "?x": false, friend + "/../x": false, friend + "%2fevil": false,
	"https://app.example.test/": false, "http://app.example.test:8443/": false, "https://user@app.example.test:8443/": false, "https://:@app.example.test:8443/": false, "https://APP.example.test:8443/": false, "https://app.example.test.:8443/": false,
	"https://evil.test/" + friend: false, "https://evil.test?" + friend: false, "https://evil.test#" + friend + "/": false, "//app.example.test:8443/": false,
	"/\u2028/evil": false, "/\u3002evil": false, "\uff0f\uff0fevil.test": false, "/ä": false, "/\xff": false, "/<script>": false, "/\"": false, "/'": false, "/`": false, "/{x}": false, "/a|b": false, "/a^b": false,
	"/" + strings.Repeat("x", 2000): false, "/" + strings.Repeat("x", 1999): true,
}

// Nothing that a link says can send people from our page to a place that nobody has allowed.
func TestWhereSigningInLeads(t *testing.T) {
	s := open(t, cookieMode, unthrottled, redirecting("/home/", friend))
	for next, good := range destinations {
		want := "/home/"
		if good {
			want = next
		}
		a := s.send(signInOn(signInPath+"?next="+url.QueryEscape(next), address(1), password))
		if got := strings.Join(a.header["Location"], "|"); a.status != 303 || got != want {
			t.Errorf("next=%q: got %d to %q, want %q", next, a.status, got, want)
		}
		if base, err := url.Parse(publicURL); err == nil && good {
			if to, err := base.Parse(next); err != nil || to.Scheme+"://"+to.Host != publicURL && to.Scheme+"://"+to.Host != friend {
				t.Errorf("next=%q leads to %v, %v", next, to, err)
			}
		}
	}
}

// One that is there twice, or in part only, is none.
func TestOddlyGivenNext(t *testing.T) {
	s := open(t, cookieMode, redirecting("/home/", friend))
	for _, query := range []string{"next=/a&next=/b", "next=/a&next=//evil.test", "Next=/a", "next[]=/a", "next=/a;b", "next=%", "next", "", "a=b", "next=/a%0"} {
		if got := s.send(signInOn(signInPath+"?"+query, address(1), password)).header.Get("Location"); got != "/home/" {
			t.Errorf("%s leads to %q", query, got)
		}
	}
	body := fill(signInPath, "username", address(1), "password", password, "next", "//evil.test")
	if got := s.send(body).header.Get("Location"); got != "/home/" {
		t.Errorf("a field leads to %q", got)
	}
}
