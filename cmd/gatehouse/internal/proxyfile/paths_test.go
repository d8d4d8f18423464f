package proxyfile

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var ours = []Path{
	{"/accounts/api/token", true}, {"/accounts/api/token/refresh", true}, {"/accounts/api/sessions", false}, {"/accounts/api/sessions/:id", false}, {"/accounts/me", true}, {"/api/accounts/token", true},
	{"/.well-known/jwks.json", false},
}

// Our paths are taken in every spelling that is left when the proxy has decoded a path.
func TestOurPathsInEverySpelling(t *testing.T) {
	t.Parallel()
	takes := regexp.MustCompile("(?i)" + pattern("", ours))
	for _, path := range ours {
		path := strings.Replace(path.Pattern, ":id", "4f6c", 1)
		for _, spelling := range []string{
			path, path + "/", path + "//", "/" + path, strings.ReplaceAll(path, "/", "//"), strings.ToUpper(path), path + ";x", path + ";x=1/", path + "/;x", path + "/;x/;y/", path + "\n", path + "/\n",
			"/" + strings.ReplaceAll(path[1:], "/", ";a=b/"), "/" + strings.ReplaceAll(path[1:], "/", ";a//"),
		} {
			if !takes.MatchString(spelling) {
				t.Errorf("%q is not taken", spelling)
			}
		}
	}
	for _, path := range []string{"/", "/accounts/", "/api/accounts/", "/accounts/api/", "/accounts/api/staff/", "/accounts/api/tokens/", "/accounts/api/token/other/", "/accounts/meeting/", "/accounts/me/x", "/x/accounts/me/", "/accounts/api/sessions/a/b/", "/accountsapi/token", "/xwell-known/jwks.json", "/.well-known/jwksxjson"} {
		if takes.MatchString(path) {
			t.Errorf("%q is taken", path)
		}
	}
}

// With a path prefix, only what Django answered before is taken without it, too.
func TestOurPathsBelowAPrefix(t *testing.T) {
	t.Parallel()
	takes := regexp.MustCompile("(?i)" + pattern("/our/office", ours))
	for path, want := range map[string]bool{
		"/our/office/accounts/me/": true, "/our//office/accounts/api/sessions/4f6c": true, "/our/office/.well-known/jwks.json": true, "/accounts/me/": true, "/accounts/api/token/refresh": true,
		"/accounts/api/sessions/": false, "/.well-known/jwks.json": false, "/our/accounts/me/": false, "/office/accounts/me/": false, "/our/office/": false,
	} {
		if takes.MatchString(path) != want {
			t.Errorf("%q: taken is %v", path, !want)
		}
	}
}

// While the guard cannot answer, a path is open only in the spelling of the setting.
func TestOpenPathsWithoutTheGuard(t *testing.T) {
	t.Parallel()
	open, odd := regexp.MustCompile(openPattern([]string{"/hook/", "/open/*", "/a.b*", "/.well-known/x"})), regexp.MustCompile(ambiguous)
	for target, want := range map[string]bool{
		"/hook/": true, "/hook/?x=/../%2f": true, "/open/": true, "/open/x/y?z": true, "/a.bc": true, "/.well-known/x": true,
		"/hook": false, "/hook/x": false, "/open": false, "/axbc": false, "/Open/x": false, "/open/../x": false, "/open/.": false, "/open/./x": false, "/open//x": false, "//open/x": false, "/open/%2e%2e/x": false, "/open/..;/x": false, `/open/..\x`: false, "/x?/open/x": false, "/open/..?": false,
	} {
		if got := open.MatchString(target) && !odd.MatchString(target); got != want {
			t.Errorf("%q: open is %v", target, got)
		}
	}
	if openPattern(nil) != "" {
		t.Error("something is open without a setting")
	}
}

// Every way to write a name with _ for - is among its twins, and the name itself is not.
func TestTwinsOfAName(t *testing.T) {
	t.Parallel()
	if got := (header{Name: "Remote-User"}).Twins(); !slices.Equal(got, []string{"Remote_User"}) {
		t.Errorf("twins are %q", got)
	}
	got := header{Name: "X-Gatehouse-Access-Token"}.Twins()
	slices.Sort(got)
	if len(got) != 7 || len(slices.Compact(got)) != 7 || slices.Contains(got, "X-Gatehouse-Access-Token") || !slices.Contains(got, "X_Gatehouse_Access_Token") || !slices.Contains(got, "X-Gatehouse_Access-Token") {
		t.Errorf("twins are %q", got)
	}
}

// A comparison finds what an operator has changed, apart from comments, TLS and where the proxy listens.
func TestDifferenceOfFiles(t *testing.T) {
	t.Parallel()
	const printed = "# made\nserver {\n    listen 443 ssl;\n    ssl_certificate /a;\n\n    location / {\n        proxy_pass http://x;\n    }\n}\n"
	for installed, want := range map[string]string{
		printed: "",
		"server {\n  # ours\n\tlisten 8443 ssl;\n\tssl_certificate /b;\n\tlocation / {\nproxy_pass   http://x;\n}\n}": "",
		strings.Replace(printed, "http://x", "http://y", 1):                                                           `it has "proxy_pass http://y;" in the place of "proxy_pass http://x;"`,
		strings.TrimSuffix(printed, "}\n"):                                                                            `it lacks "}"`,
		strings.Replace(printed, "    ssl_certificate /a;", "    ssl_certificate /b;\n    ssl_dhparam /d;\n    ssl_session_cache shared:x:1m;\n    include /etc/letsencrypt/options-ssl-nginx.conf; # managed by Certbot\n    listen [::]:443 ssl;", 1): "",
		strings.Replace(printed, "ssl_certificate /a;", "include /etc/nginx/more.conf;", 1): `it has "include /etc/nginx/more.conf;" in the place of "location / {"`,
		printed + "allow all;\n": `it has "allow all;" too many`,
	} {
		if got := Difference(installed, printed); got != want {
			t.Errorf("%q: %q, want %q", installed, got, want)
		}
	}
	if args, ok := CommandOf("# x\n#\n#     gatehouse proxy nginx --guard\n"); !ok || !slices.Equal(args, []string{"nginx", "--guard"}) {
		t.Errorf("printed with %q, %v", args, ok)
	}
	if _, ok := CommandOf(printed); ok {
		t.Error("a command is found where there is none")
	}
}
