package fiberhttp

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// inDocuments is how the documents write the path of a route: with its first root, if it
// has any, and a slash at the end of what is not a file or a probe.
func (r route) inDocuments() string {
	path := strings.ReplaceAll(r.path, ":id", "{id}")
	if r.roots[0] == "" {
		return path
	}
	return r.roots[0] + path + "/"
}

// asked are the methods that somebody would ask for.
func (r route) asked() []string {
	return slices.DeleteFunc(slices.Clone(r.methods), func(method string) bool { return method == "HEAD" })
}

// EveryPath lists each spelling of each route in cookie mode, for the tests from outside of the package.
func EveryPath() (paths []string) {
	f := &front{Server: new(Server), paths: map[string]route{}}
	f.config.Cookies.Enabled = true
	f.register(fiber.New(), f.routes())
	return slices.Sorted(maps.Keys(f.paths))
}

func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(openAPIDocument, &document); err != nil {
		t.Fatal(err)
	}
	for _, r := range new(Server).routes() {
		described := document.Paths[r.inDocuments()]
		delete(document.Paths, r.inDocuments())
		if len(described) != len(r.asked()) {
			t.Errorf("%s: %d methods are described, want %v", r.inDocuments(), len(described), r.asked())
		}
		for _, method := range r.asked() {
			if described[strings.ToLower(method)] == nil {
				t.Errorf("%s %s is not described", method, r.inDocuments())
			}
		}
	}
	for path := range document.Paths {
		t.Errorf("%s is described and is not there", path)
	}
}

func TestTheGuideListsEveryRoute(t *testing.T) {
	guide, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range new(Server).routes() {
		where, path := "root", r.path
		switch r.roots[0] {
		case apiRoots[0]:
			where = "api"
		case siteRoots[0]:
			where = "site"
			if len(r.roots) == 1 {
				where = "pages"
			}
		}
		if where != "root" {
			path = strings.TrimPrefix(strings.ReplaceAll(r.path, ":id", "{id}"), "/") + "/"
		}
		row := "| " + strings.Join(r.asked(), ", ") + " | " + where + " | `" + path + "` |"
		if !strings.Contains(string(guide), row) {
			t.Errorf("docs/api.md has no row that begins: %s", row)
		}
	}
	rows := regexp.MustCompile(`(?m)^\| [A-Z, ]+ \| (api|site|pages|root) \|`).FindAllString(string(guide), -1)
	if routes := new(Server).routes(); len(rows) != len(routes) {
		t.Errorf("docs/api.md has %d rows for %d routes", len(rows), len(routes))
	}
}

func TestTheGuideListsEveryCode(t *testing.T) {
	guide, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !strings.Contains(string(guide), "`"+p.code+"`") {
			t.Errorf("docs/api.md does not name the code %s", p.code)
		}
	}
}
