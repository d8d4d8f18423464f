package domain_test

import (
	"errors"
	"slices"
	"testing"

	"gatehouse/domain"
)

func TestOpenPathsMatch(t *testing.T) {
	open := domain.OpenPaths{"/health", "/static/*", "/café", "/with space", "/news*"}
	for path, want := range map[string]bool{
		"/health":       true,
		"/%68ealth":     true,
		"/health/":      false,
		"/Health":       false,
		"/healthy":      false,
		"health":        false,
		"":              false,
		"/":             false,
		"*":             false,
		"/static/":      true,
		"/static":       false,
		"/static/a/b":   true,
		"/static/a%20":  true,
		"/newspaper":    true,
		"/caf%C3%A9":    true,
		"/café":         true,
		"/with%20space": true,

		"/static/../secret":         false,
		"/static/%2e%2e/secret":     false,
		"/static/%2E./secret":       false,
		"/static/..":                false,
		"/static/.":                 false,
		"/static/./a":               false,
		"/static/..;/secret":        false,
		"/static/.;x=1/secret":      false,
		"/static/..%3b/secret":      false,
		"/static/...":               true,
		"/static/..a":               true,
		"/static/.a":                true,
		"/static//a":                false,
		"//static/a":                false,
		"/static/a//":               false,
		"/static%2Fa":               false,
		"/static/a%2fb":             false,
		"/static/..%2fsecret":       false,
		`/static/..\secret`:         false,
		"/static/..%5csecret":       false,
		"/static/%00":               false,
		"/health%00":                false,
		"/health%0a":                false,
		"/health%7f":                false,
		"/health#":                  false,
		"/health%23":                false,
		"/health?":                  false,
		"/static/%252e%252e/secret": false,
		"/static/%252e":             false,
		"/static/100%25":            true,
		"/static/%":                 false,
		"/static/%2":                false,
		"/static/%zz":               false,
	} {
		if got := open.Match(path); got != want {
			t.Errorf("%q is open: %t, want %t", path, got, want)
		}
	}
	if (domain.OpenPaths)(nil).Match("/") {
		t.Error("without open paths one is open")
	}
}

func TestCheckOpenPath(t *testing.T) {
	for _, text := range []string{"/health", "/", "/static/*", "/news*", "/café", "/.well-known/x", "/a/"} {
		if err := domain.CheckOpenPath(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{
		"", "*", "/*", "health", "/a*b", "/a**", "/*/a", "/a?b", "/caf%C3%A9", "//a", "/a//b", "/a/../b", "/.", "/..*", `/a\b`, "/a#b", "/a\x00", "/a\n", "https://shop.example/a",
	} {
		if domain.CheckOpenPath(text) == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// Each case is told in full: what an open path takes, what needs nothing, and what is refused before anybody
// asks who it is.
func TestGuardedRequestDemand(t *testing.T) {
	open := domain.OpenPaths{"/open/*"}
	type request = domain.GuardedRequest
	for name, c := range map[string]struct {
		request request
		want    domain.Demand
		refused error
	}{
		"a path":                          {request{Method: "GET", Path: "/jobs"}, domain.DemandSignIn, nil},
		"a path, read by another site":    {request{Method: "GET", Path: "/jobs", CarriesCookies: true, CrossSite: true}, domain.DemandSignIn, nil},
		"its head":                        {request{Method: "HEAD", Path: "/jobs", CarriesCookies: true, CrossSite: true}, domain.DemandSignIn, nil},
		"a change":                        {request{Method: "POST", Path: "/jobs", CarriesCookies: true}, domain.DemandSignIn, nil},
		"a change by another site":        {request{Method: "POST", Path: "/jobs", CarriesCookies: true, CrossSite: true}, "", domain.ErrCrossSite},
		"a removal by another site":       {request{Method: "DELETE", Path: "/jobs", CarriesCookies: true, CrossSite: true}, "", domain.ErrCrossSite},
		"an unknown method of another's":  {request{Method: "MERGE", Path: "/jobs", CarriesCookies: true, CrossSite: true}, "", domain.ErrCrossSite},
		"small letters by another site":   {request{Method: "get", Path: "/jobs", CarriesCookies: true, CrossSite: true}, "", domain.ErrCrossSite},
		"a program's change":              {request{Method: "POST", Path: "/jobs", CrossSite: true}, domain.DemandSignIn, nil},
		"an open path":                    {request{Method: "GET", Path: "/open/a"}, domain.DemandNoSignIn, nil},
		"a change of an open path":        {request{Method: "POST", Path: "/open/a", CarriesCookies: true}, domain.DemandNoSignIn, nil},
		"another site's, at an open path": {request{Method: "POST", Path: "/open/a", CarriesCookies: true, CrossSite: true}, domain.DemandNothing, nil},
		"reading, at an open path":        {request{Method: "GET", Path: "/open/a", CarriesCookies: true, CrossSite: true}, domain.DemandNoSignIn, nil},
		"a way out of an open path":       {request{Method: "GET", Path: "/open/../jobs"}, domain.DemandSignIn, nil},
		"a preflight":                     {request{Method: "OPTIONS", Path: "/jobs", AsksWhatIsAllowed: true}, domain.DemandNothing, nil},
		"a preflight of another site":     {request{Method: "OPTIONS", Path: "/jobs", AsksWhatIsAllowed: true, CarriesCookies: true, CrossSite: true}, domain.DemandNothing, nil},
		"options, but no preflight":       {request{Method: "OPTIONS", Path: "/jobs"}, domain.DemandSignIn, nil},
		"what looks like a preflight":     {request{Method: "GET", Path: "/jobs", AsksWhatIsAllowed: true}, domain.DemandSignIn, nil},
		"a change that looks like it":     {request{Method: "POST", Path: "/jobs", AsksWhatIsAllowed: true, CarriesCookies: true, CrossSite: true}, "", domain.ErrCrossSite},
		"a preflight to an open path":     {request{Method: "OPTIONS", Path: "/open/a", AsksWhatIsAllowed: true}, domain.DemandNoSignIn, nil},
		"options in small letters":        {request{Method: "options", Path: "/jobs", AsksWhatIsAllowed: true}, domain.DemandSignIn, nil},
	} {
		got, err := c.request.Demand(open)
		if got != c.want || !errors.Is(err, c.refused) {
			t.Errorf("%s: got %q, %v, want %q, %v", name, got, err, c.want, c.refused)
		}
	}
}

func TestGuardedRequestAdmit(t *testing.T) {
	nobody, office, boss := domain.Staff{}, domain.Staff{}, domain.Staff{}
	office.IsOfficeStaff, boss.IsSuperuser, boss.IsWorkshopStaff = true, true, true
	for _, c := range []struct {
		person domain.Staff
		roles  []domain.Role
		want   error
	}{
		{nobody, nil, nil},
		{nobody, []domain.Role{domain.RoleOffice, domain.RoleWorkshop, domain.RoleSuperuser}, domain.ErrNotAllowed},
		{office, []domain.Role{domain.RoleOffice}, nil},
		{office, []domain.Role{domain.RoleWorkshop, domain.RoleOffice}, nil},
		{office, []domain.Role{domain.RoleWorkshop, domain.RoleSuperuser}, domain.ErrNotAllowed},
		{boss, []domain.Role{domain.RoleOffice}, domain.ErrNotAllowed},
		{boss, []domain.Role{domain.RoleSuperuser}, nil},
		{boss, []domain.Role{domain.RoleWorkshop}, nil},
	} {
		if err := (domain.GuardedRequest{Roles: c.roles}).Admit(c.person); !errors.Is(err, c.want) {
			t.Errorf("%v, where %v is needed: %v, want %v", c.person.Roles(), c.roles, err, c.want)
		}
	}
	if all := (domain.Profile{IsOfficeStaff: true, IsWorkshopStaff: true, IsSuperuser: true}).Roles(); !slices.Equal(all, []domain.Role{domain.RoleOffice, domain.RoleWorkshop, domain.RoleSuperuser}) {
		t.Errorf("the roles are %v", all)
	}
}

func TestParseRole(t *testing.T) {
	for text, want := range map[string]bool{"office": true, "workshop": true, "superuser": true, "": false, "Office": false, "is_office_staff": false, "office ": false} {
		if role, ok := domain.ParseRole(text); ok != want || string(role) != text {
			t.Errorf("%q: got %q, %t", text, role, ok)
		}
	}
}
