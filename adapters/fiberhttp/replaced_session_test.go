package fiberhttp_test

import "testing"

// Whoever signs in where cookies of another session are ends that session, also somebody
// else's: nobody goes on in it when the new cookies are gone.
func TestSigningInReplacesTheSessionOfTheCookies(t *testing.T) {
	for name, cookies := range map[string]func(access, refresh string) string{
		"access":  func(access, _ string) string { return accessCookie(access) },
		"refresh": func(_, refresh string) string { return refreshCookie(refresh) },
		"both": func(access, refresh string) string {
			return "Cookie: access_token=" + access + "; refresh_token=" + refresh
		},
		"among ambiguous ones": func(_, refresh string) string { return "Cookie: refresh_token=x; refresh_token=" + refresh },
	} {
		for mode, option := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				s := open(t, option)
				old, refresh := s.signIn(2)
				elsewhere, _ := s.signIn(2)
				if a := s.send(signInAs(address(1), password, cookies(old, refresh))); a.status != 200 {
					t.Fatalf("got %d %s", a.status, a.body)
				}
				s.mustWork(old, false)
				s.mustWork(elsewhere, true)
			})
		}
	}
}

// Cookies that are of no use keep nobody out, and a token in a header is not the browser's.
func TestSigningInReplacesNothingElse(t *testing.T) {
	for name, header := range map[string]func(access, refresh string) string{
		"garbage":       func(string, string) string { return "Cookie: access_token=x; refresh_token=" },
		"other names":   func(access, refresh string) string { return "Cookie: access=" + access + "; Refresh_Token=" + refresh },
		"in a header":   func(access, _ string) string { return bearer(access) },
		"not signed in": func(string, string) string { return "Cookie: theme=dark" },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode)
			old, refresh := s.signIn(1)
			if a := s.send(signInAs(address(1), password, header(old, refresh))); a.status != 200 || len(a.cookies) < 2 {
				t.Errorf("got %d %s with cookies %q", a.status, a.body, a.cookies)
			}
			s.mustWork(old, true)
		})
	}
}

// Only who gets in ends something.
func TestSigningInInVainReplacesNothing(t *testing.T) {
	s := open(t, cookieMode)
	old, refresh := s.signIn(1)
	cookies := "Cookie: access_token=" + old + "; refresh_token=" + refresh
	for status, r := range map[int]request{
		401: signInAs(address(1), wrong, cookies),
		400: post(tokenPath, `{}`, cookies),
		403: signInAs(address(1), password, cookies, otherSite),
	} {
		if a := s.send(r); a.status != status || len(a.cookies) > 0 {
			t.Errorf("got %d %q, want %d and no cookies", a.status, a.cookies, status)
		}
		s.mustWork(old, true)
	}
}

// One session too many ends the oldest, here as everywhere.
func TestSigningInOnTooManyDevices(t *testing.T) {
	s := open(t, func(s *shop) { s.policy.MaxSessions = 2 })
	first, _ := s.signIn(1)
	second, _ := s.signIn(1)
	third, _ := s.signIn(1)
	s.mustWork(first, false)
	s.mustWork(second, true)
	s.mustWork(third, true)
}

// A tab that asks with the cookies from before, just as another one signs in, must not delete
// the new ones: its answer may arrive after them.
func TestATabThatIsLateDoesNotDeleteNewerCookies(t *testing.T) {
	s := open(t, cookieMode)
	old, refresh := s.signIn(1)
	cookies := "Cookie: access_token=" + old + "; refresh_token=" + refresh
	if a := s.send(signInAs(address(1), password, cookies)); a.status != 200 {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	check(t, s.send(post(refreshPath, "", cookies)), 401, `{"detail":"Token is blacklisted","code":"token_not_valid"}`)
}
