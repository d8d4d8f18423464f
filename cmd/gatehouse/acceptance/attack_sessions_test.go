package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A shopServer is a server in cookie mode, and what operators need beside it.
type shopServer struct {
	*server
	dir string
	env []string
}

func newShop(t *testing.T, set ...string) *shopServer {
	t.Helper()
	s := &shopServer{dir: t.TempDir(), env: environment(append([]string{"ENABLE_JWT_AUTH=true", "MAX_SESSIONS_PER_STAFF=1000"}, set...)...)}
	importStaff(t, s.dir, s.env)
	s.server = serving(t, s.dir, s.env)
	return s
}

func (s *shopServer) operator(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := runProgram(t, s.dir, s.env, "", args...)
	if status != 0 {
		t.Fatalf("%v: exit status %d: %s", args, status, errs)
	}
	return out
}

// audited counts the events of hana with the reason.
func (s *shopServer) audited(t *testing.T, reason string) int {
	t.Helper()
	return strings.Count(s.operator(t, "audit", "list", "--json", "--limit", "100000", "--staff", hana), `"`+reason+`"`)
}

// A pair is what a browser holds, or a thief.
type pair struct{ access, refresh string }

// asBrowser signs in by cookies.
func (s *shopServer) asBrowser(t testing.TB) pair {
	t.Helper()
	got := s.ask(t, wirePost(tokenPath, credentials(hana, hanaPassword)))
	return pair{}.after(got)
}

// after is what the answer leaves in the cookies.
func (p pair) after(got answer) pair {
	for _, line := range got.header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		switch {
		case err != nil:
		case cookie.Name == "access_token":
			p.access = cookie.Value
		case cookie.Name == "refresh_token":
			p.refresh = cookie.Value
		}
	}
	return p
}

func refreshing(token string) string {
	return wirePost(refreshPath, "", "Cookie: refresh_token="+token)
}

// renew refreshes, and expects that it works.
func (s *shopServer) renew(t testing.TB, p pair) pair {
	t.Helper()
	got := s.ask(t, refreshing(p.refresh))
	if got.status != http.StatusOK {
		t.Fatalf("refreshing: %v", got)
	}
	return p.after(got)
}

// mustBeOver checks that none of the tokens works.
func (s *shopServer) mustBeOver(t testing.TB, tokens ...pair) {
	t.Helper()
	for i, p := range tokens {
		me := s.ask(t, wireGet(mePath, "Authorization: Bearer "+p.access))
		refreshed := s.ask(t, refreshing(p.refresh))
		verified := s.ask(t, wirePost(verifyPath, `{"token":`+quoted(p.refresh)+`}`))
		if got := []int{me.status, refreshed.status, verified.status}; !slices.Equal(got, []int{401, 401, 401}) {
			t.Errorf("pair %d: the access token, the refresh token and its verification are answered %d, want 401", i, got)
		}
	}
}

// mustWork checks that the access token works.
func (s *shopServer) mustWork(t testing.TB, p pair) {
	t.Helper()
	if me := s.ask(t, wireGet(mePath, "Cookie: access_token="+p.access)); me.status != http.StatusOK {
		t.Errorf("the session is over: %v", me)
	}
}

// Attacks with stolen, old and repeated tokens. The subtests have the ids of the list.
func TestSessionAttacks(t *testing.T) {
	t.Parallel()
	strict, lenient := newShop(t, "REFRESH_GRACE=0s"), newShop(t, "REFRESH_GRACE=5m")
	t.Run("B01 and B02", func(t *testing.T) { tokensOfTheOtherKind(t, strict) })
	t.Run("C01", func(t *testing.T) {
		first := strict.asBrowser(t)
		strict.renew(t, first)
		if got := strict.ask(t, refreshing(first.refresh)); got.status != http.StatusUnauthorized {
			t.Errorf("what was replaced is answered %v", got)
		}
	})
	t.Run("C02", func(t *testing.T) {
		first, other := strict.asBrowser(t), strict.asBrowser(t)
		second := strict.renew(t, first)
		third := strict.renew(t, second)
		before := strict.audited(t, "refresh_token_replayed")
		if got := strict.ask(t, refreshing(first.refresh)); got.status != http.StatusUnauthorized {
			t.Errorf("a replay is answered %v", got)
		}
		strict.mustBeOver(t, third, second, first)
		strict.mustWork(t, strict.renew(t, other))
		if n := strict.audited(t, "refresh_token_replayed") - before; n != 1 {
			t.Errorf("the replay is audited %d times", n)
		}
	})
	t.Run("C03", func(t *testing.T) { tabsAtOnce(t, lenient) })
	t.Run("C04", func(t *testing.T) {
		first := lenient.asBrowser(t)
		second := lenient.renew(t, first)
		third := lenient.renew(t, second)
		if got := lenient.ask(t, refreshing(first.refresh)); got.status != http.StatusUnauthorized {
			t.Errorf("the token before the last but one is answered %v", got)
		}
		lenient.mustBeOver(t, third, second, first)
	})
	t.Run("C05", func(t *testing.T) {
		first := lenient.asBrowser(t)
		second := lenient.renew(t, first)
		for range 2 {
			if got := lenient.ask(t, wirePost(logoutPath, "", "Cookie: access_token="+second.access+"; refresh_token="+second.refresh)); got.status != http.StatusOK {
				t.Errorf("signing out: %v", got)
			}
		}
		lenient.mustBeOver(t, second, first)
	})
	t.Run("K06", func(t *testing.T) { oldTokensAgainAndAgain(t, strict) })
	t.Run("C07", func(t *testing.T) { signingOutMeanwhile(t, lenient) })
	t.Run("C10", func(t *testing.T) { answersThatAreLost(t, lenient) })
	t.Run("C11", func(t *testing.T) { thieves(t, strict) })
	t.Run("B08", func(t *testing.T) { somebodyElseWithTheAddress(t, strict) })
	t.Run("B11 and C08", func(t *testing.T) { changingThePasswordMeanwhile(t, lenient) })
}

// tokensOfTheOtherKind shows each kind of token where the other belongs; it still works
// where it does belong.
func tokensOfTheOtherKind(t *testing.T, s *shopServer) {
	p := s.asBrowser(t)
	for _, d := range doors {
		token := map[string]string{"access": p.refresh, "refresh": p.access}[d.kind]
		if token != "" {
			d.mustRefuse(t, s.ask(t, d.send(token)), token, wasWrongType)
		}
	}
	s.mustWork(t, p)
	s.mustWork(t, s.renew(t, p))
}

// tabsAtOnce has the tabs of a browser refresh at once. All get the same successor.
func tabsAtOnce(t *testing.T, s *shopServer) {
	for _, n := range []int{2, 5, 20} {
		for range 5 {
			first, got := s.asBrowser(t), make([]answer, n)
			var all sync.WaitGroup
			for i := range n {
				all.Go(func() { got[i] = s.ask(t, refreshing(first.refresh)) })
			}
			all.Wait()
			next := pair{}.after(got[0])
			for i, a := range got {
				p := pair{}.after(a)
				if a.status != http.StatusOK || signedPartOf(p.refresh) != signedPartOf(next.refresh) || p.refresh == first.refresh {
					t.Fatalf("of %d tabs, tab %d is answered %v", n, i, a)
				}
			}
			s.mustWork(t, s.renew(t, next))
		}
	}
}

// signedPartOf is a token without its signature, which is another one each time.
func signedPartOf(token string) string { return token[:strings.LastIndexByte(token, '.')+1] }

// signingOutMeanwhile signs out while the same browser refreshes. Whatever comes first,
// nothing works afterwards.
func signingOutMeanwhile(t *testing.T, s *shopServer) {
	for range 100 {
		first := s.asBrowser(t)
		var all sync.WaitGroup
		var second pair
		all.Go(func() { second = first.after(s.ask(t, refreshing(first.refresh))) })
		all.Go(func() {
			if got := s.ask(t, wirePost(logoutPath, "", "Cookie: refresh_token="+first.refresh)); got.status != http.StatusOK {
				t.Errorf("signing out: %v", got)
			}
		})
		all.Wait()
		if second.refresh == "" { // the cookies were deleted
			second = first
		}
		s.mustBeOver(t, first, second)
	}
}

// answersThatAreLost cuts the connection when the answer to a refresh begins to arrive. The answer
// shows that the refresh is done: one that is still under way could come two generations late, which is
// a replay. Who tries again gets the token that was lost.
func answersThatAreLost(t *testing.T, s *shopServer) {
	for range 10 {
		first := s.asBrowser(t)
		conn := s.dial(t)
		_, _ = io.WriteString(conn, refreshing(first.refresh))
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetLinger(0) // a reset
		_ = conn.Close()
		second, again := s.renew(t, first), s.renew(t, first)
		if signedPartOf(second.refresh) != signedPartOf(again.refresh) {
			t.Error("two successors")
		}
		s.mustWork(t, s.renew(t, second))
	}
}

// thieves use a stolen refresh token before its owner does, or after. Both are out.
func thieves(t *testing.T, s *shopServer) {
	for range 2 { // whoever of them is the thief
		stolen := s.asBrowser(t)
		before := s.audited(t, "refresh_token_replayed")
		first := s.renew(t, stolen)
		if got := s.ask(t, refreshing(stolen.refresh)); got.status != http.StatusUnauthorized {
			t.Errorf("the second is answered %v", got)
		}
		s.mustBeOver(t, first, stolen)
		if n := s.audited(t, "refresh_token_replayed") - before; n != 1 {
			t.Errorf("it is audited %d times", n)
		}
	}
}

// somebodyElseWithTheAddress gives the address of an account that was deleted to another
// person: the tokens of the first stay nobody's.
func somebodyElseWithTheAddress(t *testing.T, s *shopServer) {
	old := s.asBrowser(t)
	s.operator(t, "staff", "delete", "--yes", hana)
	s.operator(t, "staff", "add", hana, "--first-name", "Hana", "--last-name", "Another")
	me := s.ask(t, wireGet(mePath, "Cookie: access_token="+old.access))
	refreshed := s.ask(t, refreshing(old.refresh))
	if me.status != http.StatusNotFound || refreshed.status != http.StatusNotFound {
		t.Errorf("the tokens of who was deleted are answered %v, %v", me, refreshed)
	}
	var body struct{ Code string }
	if err := json.Unmarshal(me.body, &body); err != nil || body.Code != "user_not_found" {
		t.Errorf("got %s", me.body)
	}
}

// changingThePasswordMeanwhile changes the password while a browser refreshes, and while
// somebody signs in with the old one. Nothing of before works afterwards, also not what
// was issued in the same second.
func changingThePasswordMeanwhile(t *testing.T, s *shopServer) {
	old := hanaPassword
	for _, next := range []string{"ten copper elbows", "eleven copper elbows", "twelve copper elbows", "nine copper elbows, again"} {
		first := pair{}.after(s.ask(t, wirePost(tokenPath, credentials(hana, old))))
		body := `{"username":"` + hana + `","old_password":` + quoted(old) + `,"new_password":` + quoted(next) + `}`
		var all sync.WaitGroup
		var second, late pair
		all.Go(func() { second = first.after(s.ask(t, refreshing(first.refresh))) })
		all.Go(func() { late = pair{}.after(s.ask(t, wirePost(tokenPath, credentials(hana, old)))) })
		all.Go(func() {
			if got := s.ask(t, wirePost(changePath, body)); got.status != http.StatusOK {
				t.Errorf("changing the password: %v", got)
			}
		})
		all.Wait()
		for _, p := range []pair{first, second, late} {
			if p.refresh != "" {
				s.mustBeOver(t, p)
			}
		}
		old = next
	}
}

// oldTokensAgainAndAgain shows tokens of a session that is over at every endpoint, as fast as it
// can. The trail grows by a handful of events, and other tokens are answered.
func oldTokensAgainAndAgain(t *testing.T, s *shopServer) {
	old, good := s.asBrowser(t), s.asBrowser(t)
	leave := wirePost(logoutPath, "", "Cookie: access_token="+old.access+"; refresh_token="+old.refresh)
	if got := s.ask(t, leave); got.status != http.StatusOK {
		t.Fatalf("signing out: %v", got)
	}
	events := func() int {
		return strings.Count(s.operator(t, "audit", "list", "--json", "--limit", "0", "--staff", hana), `"sequence"`)
	}
	before, answered := events(), map[int]int{}
	for range 200 {
		for _, request := range []string{
			refreshing(old.refresh),
			wirePost("/accounts/api/token/blacklist/", `{"refresh":`+quoted(old.refresh)+`}`),
			wirePost(changePath, `{"old_password":"x","new_password":"y"}`, "Authorization: Bearer "+old.access),
		} {
			got := s.ask(t, request)
			if answered[got.status]++; got.status == http.StatusTooManyRequests && got.header.Get("Retry-After") == "" {
				t.Errorf("how long to wait is not told: %v", got)
			}
		}
		for _, request := range []string{leave, wireGet(mePath, "Authorization: Bearer "+old.access), wirePost(verifyPath, `{"token":`+quoted(old.refresh)+`}`)} {
			s.ask(t, request)
		}
	}
	if answered[401] < 30 || answered[429] < 500 || answered[401]+answered[429] != 600 {
		t.Errorf("answered %v, want 401 for some and 429 for the others", answered)
	}
	if n := events() - before; n < 1 || n > 3 {
		t.Errorf("1200 requests with old tokens have added %d events, want the first and one a minute", n)
	}
	s.mustWork(t, s.renew(t, good))
}
