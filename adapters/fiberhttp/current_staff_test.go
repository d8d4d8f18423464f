package fiberhttp_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// profile is what person n, unchanged, reads about themselves.
func (s *shop) profile(n int) string {
	s.t.Helper()
	p := porttest.Person(n)
	return `{"id":"` + string(p.ID) + `","username":"` + string(p.Email) + `","email":"` + string(p.Email) +
		`","first_name":"Tāne","last_name":"` + p.LastName + `","preferred_name":null,"fullName":"Tāne ` + p.LastName +
		`","is_active":true,"is_office_staff":false,"is_workshop_staff":true,"is_superuser":false}`
}

// refusedAccess is how SimpleJWT's JWTAuthentication refuses a token.
func refusedAccess(message string) string {
	return `{"detail":"Given token not valid for any token type","code":"token_not_valid",` +
		`"messages":[{"token_class":"AccessToken","token_type":"access","message":` + quoted(message) + `}]}`
}

func TestProfiles(t *testing.T) {
	const prefix = `{"id":"00000000-0000-4000-8000-000000000001","username":"Person1@example.test","email":"Person1@example.test",`
	for name, c := range map[string]struct {
		change func(*domain.Staff)
		body   string
	}{
		"plain": {func(*domain.Staff) {},
			`"first_name":"Tāne","last_name":"Number 1","preferred_name":null,"fullName":"Tāne Number 1","is_active":true,"is_office_staff":false,"is_workshop_staff":true,"is_superuser":false}`},
		"preferred name": {func(s *domain.Staff) { s.HasPreferredName, s.PreferredName = true, "T" },
			`"first_name":"Tāne","last_name":"Number 1","preferred_name":"T","fullName":"Tāne Number 1","is_active":true,"is_office_staff":false,"is_workshop_staff":true,"is_superuser":false}`},
		"empty preferred name": {func(s *domain.Staff) { s.HasPreferredName = true },
			`"first_name":"Tāne","last_name":"Number 1","preferred_name":"","fullName":"Tāne Number 1","is_active":true,"is_office_staff":false,"is_workshop_staff":true,"is_superuser":false}`},
		"the boss": {func(s *domain.Staff) {
			s.LastName, s.IsOfficeStaff, s.IsWorkshopStaff, s.IsSuperuser = "", true, false, true
		},
			`"first_name":"Tāne","last_name":"","preferred_name":null,"fullName":"Tāne","is_active":true,"is_office_staff":true,"is_workshop_staff":false,"is_superuser":true}`},
		"hostile names": {func(s *domain.Staff) { s.FirstName, s.LastName = `<b>&"\`, "\u2028" },
			`"first_name":"<b>&\"\\","last_name":"\u2028","preferred_name":null,"fullName":"<b>&\"\\","is_active":true,"is_office_staff":false,"is_workshop_staff":true,"is_superuser":false}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, people(person(1, c.change)))
			access, _ := s.signIn(1)
			check(t, s.send(get(mePath, bearer(access))), 200, prefix+c.body)
			check(t, s.send(request{method: "HEAD", path: mePath, headers: []string{bearer(access)}}), 200, ``)
		})
	}
}

// Apps are told every column except two. Inactive people and those who have left cannot ask.
func TestEveryColumnIsTold(t *testing.T) {
	s := open(t, people(person(1)))
	access, _ := s.signIn(1)
	me := func(staff domain.Staff) (told map[string]any) {
		s.save(staff)
		a := s.send(get(mePath, bearer(access)))
		if err := json.Unmarshal([]byte(a.body), &told); err != nil || a.status != 200 {
			t.Fatalf("got %d %s", a.status, a.body)
		}
		return told
	}
	porttest.EachColumn(func(column string, one, other domain.Staff) {
		if column == "is_active" || column == "date_left" {
			return
		}
		was := me(one)
		if before, told := was[column]; !told || before == me(other)[column] {
			t.Errorf("%s does not tell %s: %v, whoever it is: add its value to newStaffBody in current_staff.go", mePath, column, before)
		}
		mustDescribe(t, "Staff", was)
	})
}

// mustDescribe checks that a schema of openapi.json has the members of an answer, and no others.
func mustDescribe(t *testing.T, schema string, answer map[string]any) {
	t.Helper()
	var document struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	content, err := os.ReadFile("openapi.json")
	if err == nil {
		err = json.Unmarshal(content, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	described := slices.Sorted(maps.Keys(document.Components.Schemas[schema].Properties))
	if told := slices.Sorted(maps.Keys(answer)); !slices.Equal(described, told) {
		t.Errorf("the schema %s in openapi.json has %q, the answer %q", schema, described, told)
	}
}

func TestAuthorizationHeader(t *testing.T) {
	const (
		none      = `{"detail":"Authentication credentials were not provided."}`
		badHeader = `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`
	)
	for name, c := range map[string]struct {
		line string // TOKEN stands for a good one
		body string // "" if it works
	}{
		"as it should be":       {"Bearer TOKEN", ``},
		"lower case":            {"bearer TOKEN", ``},
		"capitals":              {"BEARER TOKEN", ``},
		"two spaces":            {"Bearer  TOKEN", ``},
		"tab":                   {"Bearer\tTOKEN", ``},
		"space after":           {"Bearer TOKEN ", ``},
		"space before":          {"  Bearer TOKEN", ``},
		"empty":                 {"", none},
		"other scheme":          {"Token TOKEN", none},
		"basic":                 {"Basic YTpi", none},
		"no scheme":             {"TOKEN", none},
		"colon":                 {"Bearer: TOKEN", none},
		"comma":                 {"Bearer, TOKEN", none},
		"joined":                {"BearerTOKEN", none},
		"no-break space":        {"Bearer\u00a0TOKEN", none},
		"next line":             {"Bearer\u0085TOKEN", none},
		"scheme alone":          {"Bearer", badHeader},
		"scheme and space":      {"Bearer ", badHeader},
		"two values":            {"Bearer TOKEN TOKEN", badHeader},
		"two values in one":     {"Bearer Bearer TOKEN", badHeader},
		"quoted":                {`Bearer "TOKEN"`, refusedAccess("Token is invalid")},
		"garbage":               {"Bearer garbage", refusedAccess("Token is invalid")},
		"no-break space after":  {"Bearer TOKEN\u00a0", refusedAccess("Token is invalid")},
		"no-break space within": {"Bearer TOKEN\u00a0x", refusedAccess("Token is invalid")},
		"with a comma":          {"Bearer TOKEN,", refusedAccess("Token is invalid")},
		"in percent signs":      {"Bearer %61ccess", refusedAccess("Token is invalid")},
		"not UTF-8":             {"Bearer \xff", refusedAccess("Token is invalid")},
		"Kelvin sign's cousins": {"ʙearer TOKEN", none},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			access, _ := s.signIn(1)
			a := s.send(get(mePath, "Authorization: "+strings.ReplaceAll(c.line, "TOKEN", access)))
			if c.body == "" {
				check(t, a, 200, s.profile(1))
			} else {
				check(t, a, 401, c.body)
			}
		})
	}
}

// The header comes first; a bad one is not saved by a good cookie, and another scheme is
// as good as none.
func TestHeaderAndCookie(t *testing.T) {
	s := open(t)
	mine, _ := s.signIn(1)
	theirs, _ := s.signIn(2)
	check(t, s.send(get(mePath, bearer(mine), accessCookie(theirs))), 200, s.profile(1))
	check(t, s.send(get(mePath, bearer(mine), accessCookie("garbage"))), 200, s.profile(1))
	check(t, s.send(get(mePath, bearer(mine), "Cookie: access_token=a; access_token=b")), 200, s.profile(1))
	check(t, s.send(get(mePath, "Authorization: Basic YTpi", accessCookie(theirs))), 200, s.profile(2))
	check(t, s.send(get(mePath, "Authorization:", accessCookie(theirs))), 200, s.profile(2))
	check(t, s.send(get(mePath, bearer("garbage"), accessCookie(theirs))), 401, refusedAccess("Token is invalid"))
	check(t, s.send(get(mePath, "Authorization: Bearer", accessCookie(theirs))), 401,
		`{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`)
}

// The words are those of JWTAuthentication, with what the contract adds.
func TestAccessTokensAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(s *shop, access, refresh string) string
		status  int
		body    string
	}{
		"refresh token":        {func(_ *shop, _, refresh string) string { return refresh }, 401, refusedAccess("Token has wrong type")},
		"expired":              {func(s *shop, access, _ string) string { s.clock.Advance(15 * time.Minute); return access }, 401, refusedAccess("Token is expired")},
		"issued in the future": {accessAltered(func(c *domain.Claims) { c.IssuedAt = c.IssuedAt.Add(time.Second) }), 401, refusedAccess("Token is invalid")},
		"no type":              {accessAltered(func(c *domain.Claims) { c.Type = "" }), 401, refusedAccess("Token has no type")},
		"no id":                {accessAltered(func(c *domain.Claims) { c.ID = "" }), 401, refusedAccess("Token has no id")},
		"no expiry":            {accessAltered(func(c *domain.Claims) { c.ExpiresAt = time.Time{} }), 401, refusedAccess("Token has no 'exp' claim")},
		"nobody's":             {accessAltered(func(c *domain.Claims) { c.UserID = "" }), 401, noStaff},
		"signed out": {func(s *shop, access, refresh string) string {
			s.send(post(logoutPath, `{"refresh":"`+refresh+`"}`))
			return access
		}, 401, refusedAccess("Token is blacklisted")},
		"no such session": {accessAltered(func(c *domain.Claims) { c.Session = "0" }), 401, refusedAccess("Token is blacklisted")},
		"inactive":        {forAccess(inactive), 401, refusal("User is inactive", "user_inactive")},
		"left":            {forAccess(left), 401, refusal("User is inactive", "user_inactive")},
		"reset due":       {forAccess(resetDue), 401, mustChange},
		"deleted":         {func(s *shop, access, _ string) string { s.remove(1); return access }, 404, deleted},
	} {
		t.Run(name, func(t *testing.T) {
			for _, line := range []func(string) string{bearer, accessCookie} {
				s := open(t, cookieMode)
				access, refresh := s.signIn(1)
				token := c.prepare(s, access, refresh)
				check(t, s.send(get(mePath, line(token))), c.status, c.body)
			}
		})
	}
}

func accessAltered(change func(*domain.Claims)) func(*shop, string, string) string {
	return func(s *shop, access, _ string) string { return s.alter(access, change) }
}

func forAccess(change func(*domain.Staff)) func(*shop, string, string) string {
	return func(s *shop, access, _ string) string { s.save(person(1, change)); return access }
}
