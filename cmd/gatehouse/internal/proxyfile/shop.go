package proxyfile

import (
	"embed"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"text/template"
)

// A Shop is what the file is made from.
type Shop struct {
	PublicURL *url.URL // nil: not set
	Listen    string   // address and port of Gatehouse
	// GuardListen is the address and port of the guard, or unix: and a path; "" if there is none.
	GuardListen string
	// OpenPaths need nobody to be signed in: each a path, or the start of some that ends with *.
	OpenPaths    []string
	AccessCookie string // name of the cookie in which Django gets the token
	Paths        []Path
}

// Wishes are what the operator asks for, beside the settings.
type Wishes struct {
	Program string // nginx or caddy
	Snippet bool   // only the part for a server block that is there already
	Guard   bool   // ask Gatehouse before Django
	// Django is the address and port of Django, or unix: and a path; "" leaves it out.
	Django    string
	MaxUpload string // how large a body may be that Django gets, such as 25m
}

// Programs are those that a file can be printed for.
var Programs = []string{"nginx", "caddy"}

// DefaultMaxUpload is how large a body may be if nobody says so.
const DefaultMaxUpload = "25m"

//go:embed *.tmpl
var files embed.FS

var templates = template.Must(template.ParseFS(files, "*.tmpl"))

// File prints the file. Without the settings that it needs, or with one that would mean something else
// in it, the error names each.
func (s Shop) File(w Wishes) (string, error) {
	if err := errors.Join(s.check(w)...); err != nil {
		return "", err
	}
	var text strings.Builder
	if err := templates.ExecuteTemplate(&text, w.Program+".tmpl", view{Shop: s, Wishes: w}); err != nil {
		return "", err
	}
	return laidOut(text.String(), indents[w.Program]), nil
}

// indents are what each program's files are indented with.
var indents = map[string]string{"nginx": "    ", "caddy": "\t"}

// laidOut indents each line by the braces that are open, and leaves no two lines empty in a row.
func laidOut(text, indent string) string {
	var lines []string
	depth := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "" || strings.HasSuffix(lines[len(lines)-1], "{")) {
			continue
		}
		if strings.HasPrefix(line, "}") {
			depth--
		}
		if line != "" {
			line = strings.Repeat(indent, depth) + line
		}
		lines = append(lines, line)
		if strings.HasSuffix(line, "{") {
			depth++
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n")) + "\n"
}

// What can stand in a file of nginx and of Caddy, and in a shell, and means nothing but itself.
var (
	plainHost   = regexp.MustCompile(`^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?$`)
	plainPrefix = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*/?$`)
	plainSocket = regexp.MustCompile(`^unix:(/[A-Za-z0-9._@-]+)+$`)
	plainDjango = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9a-f:.]+\]):[0-9]+$`)
	plainCookie = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
	plainOpen   = regexp.MustCompile(`^/[A-Za-z0-9._~/@:,=&+!-]*\*?$`)
	plainSize   = regexp.MustCompile(`^[1-9][0-9]{0,5}[kmg]$`)
)

func (s Shop) check(w Wishes) (problems []error) {
	refuse := func(text string, values ...any) { problems = append(problems, fmt.Errorf(text, values...)) }
	switch {
	case s.PublicURL == nil:
		refuse("set GATEHOUSE_PUBLIC_URL, the address that people see, such as https://shop.example: the file names it")
	case !plainHost.MatchString(s.PublicURL.Host) || !plainPrefix.MatchString(s.PublicURL.EscapedPath()):
		refuse("GATEHOUSE_PUBLIC_URL = %q cannot stand in the file: use letters, digits, dots and hyphens", s.PublicURL)
	}
	if _, port, _ := net.SplitHostPort(s.Listen); port == "0" {
		refuse("GATEHOUSE_LISTEN has port 0, which is another one at each start: give it a port")
	}
	if w.Django != "" && !plainSocket.MatchString(w.Django) && !isAddress(w.Django) {
		refuse("--django %q is no address: write unix:/run/gunicorn.sock or 127.0.0.1:8000", w.Django)
	}
	if !plainSize.MatchString(w.MaxUpload) {
		refuse("--max-upload %q is no size: write 25m, with k, m or g", w.MaxUpload)
	}
	if w.Guard {
		problems = append(problems, s.checkGuard(w)...)
	}
	return problems
}

// isAddress reports whether the text is a plain host and a port.
func isAddress(text string) bool {
	_, digits, err := net.SplitHostPort(text)
	port, wrong := strconv.ParseUint(digits, 10, 16)
	return err == nil && wrong == nil && port > 0 && plainDjango.MatchString(text)
}

func (s Shop) checkGuard(w Wishes) (problems []error) {
	refuse := func(text string, values ...any) { problems = append(problems, fmt.Errorf(text, values...)) }
	if w.Django == "" {
		refuse("--guard needs --django: say where Django listens, such as unix:/run/gunicorn.sock")
	}
	switch _, port, _ := net.SplitHostPort(s.GuardListen); {
	case s.GuardListen == "":
		refuse("--guard needs GATEHOUSE_GUARD_LISTEN: set it to where the guard listens, such as 127.0.0.1:8081")
	case port == "0":
		refuse("GATEHOUSE_GUARD_LISTEN has port 0, which is another one at each start: give it a port")
	case strings.HasPrefix(s.GuardListen, "unix:") && !plainSocket.MatchString(s.GuardListen):
		refuse("GATEHOUSE_GUARD_LISTEN = %q cannot stand in the file: use letters, digits, dots and hyphens", s.GuardListen)
	}
	if !plainCookie.MatchString(s.AccessCookie) {
		refuse("AUTH_COOKIE = %q cannot stand in the file: use letters, digits, - and _", s.AccessCookie)
	}
	for _, path := range s.OpenPaths {
		if !plainOpen.MatchString(path) {
			refuse("GUARD_OPEN_PATHS: %q cannot stand in the file: use letters, digits and -._~/@:,=&+!", path)
		}
	}
	return problems
}
