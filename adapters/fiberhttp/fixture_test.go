package fiberhttp_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/application/credentials"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// The paths of the API under the first root.
const (
	tokenPath     = "/accounts/api/token/"
	refreshPath   = "/accounts/api/token/refresh/"
	verifyPath    = "/accounts/api/token/verify/"
	blacklistPath = "/accounts/api/token/blacklist/"
	changePath    = "/accounts/api/password/change/"
	logoutPath    = "/accounts/logout/"
	mePath        = "/accounts/me/"
	pagePath      = "/accounts/password_change/"
)

// useCases are the real ones over the shop's store, but for what a test has replaced.
func (s *shop) useCases() fiberhttp.UseCases {
	sessionIDs, tokens, now := porttest.SessionIDs(), porttest.TokenIDs(), s.clock.Now
	mails, links := porttest.MailIDs(), porttest.LinkTokens()
	devices := domain.NewDeviceKey(domain.NewSecret("a key that makes device tokens"))
	refusals := application.NewRefusals()
	rules := credentials.NewPasswordRules(&s.hasher, memory.Blocklist{}, &s.breached, s.policy)
	all := fiberhttp.UseCases{
		ObtainTokens:         signin.NewObtainTokens(&s.store, &s.hasher, memory.Subjects{}, &s.tokens, &s.tokens, devices, now, sessionIDs, tokens, porttest.DeviceIDs(), s.policy),
		RefreshAccess:        signin.NewRefreshAccess(&s.store, &s.tokens, &s.tokens, now, sessionIDs, tokens, refusals, s.policy),
		RenewAccess:          signin.NewRenewAccess(&s.store, &s.tokens, &s.tokens, now, tokens, s.policy),
		VerifyToken:          signin.NewVerifyToken(&s.store, &s.tokens, now, s.policy),
		BlacklistToken:       signin.NewBlacklistToken(&s.store, &s.tokens, now, sessionIDs, refusals, s.policy),
		SignOut:              signin.NewSignOut(&s.store, &s.tokens, now, sessionIDs, s.policy),
		CurrentStaff:         signin.NewCurrentStaff(&s.store, &s.tokens, now, s.policy),
		FindDueChange:        signin.NewFindDueChange(&s.store, devices, now, s.policy),
		GuardRequest:         signin.NewGuardRequest(s.policy),
		ChangePassword:       credentials.NewChangePassword(&s.store, &s.hasher, rules, memory.Subjects{}, &s.tokens, devices, mails, now, refusals, s.policy),
		RequestPasswordReset: credentials.NewRequestPasswordReset(&s.store, memory.Subjects{}, links, mails, outboxKey, now, s.policy),
		ConfirmPasswordReset: credentials.NewConfirmPasswordReset(&s.store, &s.hasher, rules, mails, now, refusals, s.policy),
		ListSessions:         sessions.NewListSessions(&s.store, &s.tokens, now, s.policy),
		RevokeSession:        sessions.NewRevokeSession(&s.store, &s.tokens, now, s.policy),
		RevokeOtherSessions:  sessions.NewRevokeOtherSessions(&s.store, &s.tokens, now, s.policy),
		CheckReadiness:       upkeep.NewCheckReadiness(&s.store),
	}
	if s.replace != nil {
		s.replace(&all)
	}
	return all
}

var outboxKey = domain.NewOutboxKey(domain.NewSecret("a key that seals waiting links"))

// do is a use case of one line.
type do[In, Out any] func(context.Context, In) (Out, error)

func (f do[In, Out]) Execute(ctx context.Context, in In) (Out, error) { return f(ctx, in) }

// What may be special about a person.
func inactive(s *domain.Staff)    { s.IsActive = false }
func resetDue(s *domain.Staff)    { s.Credentials.NeedsReset = true }
func unusable(s *domain.Staff)    { s.Credentials.Hash = domain.UnusablePassword }
func unknownHash(s *domain.Staff) { s.Credentials.Hash = domain.NewPasswordHash("md4$x$y") }
func left(s *domain.Staff)        { s.DateLeft = domain.DateAt(porttest.Noon, porttest.Policy().TimeZone) }

func address(n int) string { return string(porttest.Person(n).Email) }

func (s *shop) save(staff ...domain.Staff) {
	s.t.Helper()
	s.update(func(records ports.Records) (err error) {
		for _, one := range staff {
			if err == nil {
				err = records.Staff().Save(one)
			}
		}
		return err
	})
}

func (s *shop) update(change func(ports.Records) error) {
	s.t.Helper()
	if err := s.store.Update(context.Background(), change); err != nil {
		s.t.Fatalf("Update: %v", err)
	}
}

// remove deletes the n-th person's account.
func (s *shop) remove(n int) {
	s.t.Helper()
	s.update(func(records ports.Records) error { return records.Staff().Delete(porttest.Person(n).ID) })
}

// lastEvent is the newest event of the audit trail.
func (s *shop) lastEvent() (last domain.AuditEvent) {
	s.t.Helper()
	err := s.store.View(context.Background(), func(records ports.Records) error {
		for event, err := range records.Audit().Events(ports.AuditFilter{Limit: 1}) {
			last = event
			return err
		}
		return nil
	})
	if err != nil {
		s.t.Fatalf("View: %v", err)
	}
	return last
}

// quoted is text as JSON.
func quoted(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // strings always encode
	}
	return string(encoded)
}

func withPassword(username, password string) string {
	return `{"username":` + quoted(username) + `,"password":` + quoted(password) + `}`
}

// signIn opens a session of the n-th person, in cookies if that mode is on.
func (s *shop) signIn(n int) (access, refresh string) {
	s.t.Helper()
	a := s.send(post(tokenPath, withPassword(address(n), password)))
	if s.config.Cookies.Enabled {
		return s.cookieOf(a, "access_token"), s.cookieOf(a, "refresh_token")
	}
	return s.pairOf(a)
}

// signInInBody opens a session as a program does that wants its tokens in the body.
func (s *shop) signInInBody(n int) (access, refresh string) {
	s.t.Helper()
	return s.pairOf(s.send(post(tokenPath, withPassword(address(n), password), "X-Token-Transport: body")))
}

// pairOf are the tokens in the body of an answer.
func (s *shop) pairOf(a answer) (access, refresh string) {
	s.t.Helper()
	var tokens struct{ Access, Refresh string }
	if err := json.Unmarshal([]byte(a.body), &tokens); err != nil || tokens.Access == "" || tokens.Refresh == "" {
		s.t.Fatalf("signing in: %d %s", a.status, a.body)
	}
	return tokens.Access, tokens.Refresh
}

// cookieOf is the value of a cookie that an answer sets.
func (s *shop) cookieOf(a answer, name string) string {
	s.t.Helper()
	for _, line := range a.cookies {
		pair, _, _ := strings.Cut(line, ";")
		if value, found := strings.CutPrefix(pair, name+"="); found && value != "" {
			return value
		}
	}
	s.t.Fatalf("%s is not set by %d %s %q", name, a.status, a.body, a.cookies)
	return ""
}

// sign makes a token that says what the test wants.
func (s *shop) sign(claims domain.Claims) string {
	s.t.Helper()
	token, err := s.tokens.Sign(context.Background(), claims)
	if err != nil {
		s.t.Fatalf("Sign: %v", err)
	}
	return token.Reveal()
}

// alter signs a token like the one given, but for a change.
func (s *shop) alter(token string, change func(*domain.Claims)) string {
	s.t.Helper()
	claims, err := s.tokens.Parse(context.Background(), domain.NewToken(token))
	if err != nil {
		s.t.Fatalf("Parse: %v", err)
	}
	change(&claims)
	return s.sign(claims)
}

// passwords is the body that asks for a change.
func passwords(old, new string) string {
	return `{"old_password":` + quoted(old) + `,"new_password":` + quoted(new) + `}`
}

func bearer(token string) string        { return "Authorization: Bearer " + token }
func accessCookie(token string) string  { return "Cookie: access_token=" + token }
func refreshCookie(token string) string { return "Cookie: refresh_token=" + token }

// mustWork checks whether an access token works.
func (s *shop) mustWork(access string, want bool) {
	s.t.Helper()
	a := s.send(get(mePath, bearer(access)))
	if works := a.status == 200; works != want {
		s.t.Errorf("the session works: %t, want %t: %d %s", works, want, a.status, a.body)
	}
}

// check compares an answer with what must come of the request. Every 401 says how to
// authenticate, and nothing else does.
func check(t testing.TB, got answer, status int, body string, cookies ...string) {
	t.Helper()
	if got.status != status || got.body != body {
		t.Errorf("got  %d %s\nwant %d %s", got.status, got.body, status, body)
	}
	challenge := ""
	if status == 401 {
		challenge = `Bearer realm="api"`
	}
	if sent := strings.Join(got.header["Www-Authenticate"], "|"); sent != challenge {
		t.Errorf("WWW-Authenticate is %q, want %q", sent, challenge)
	}
	if !slices.Equal(got.cookies, cookies) {
		t.Errorf("cookies\n got  %q\n want %q", got.cookies, cookies)
	}
}

// The cookies of the first sign-in in a shop, and what deletes them.
const (
	attributes     = "; HttpOnly; Secure; SameSite=Lax"
	setsAccess     = "access_token=" + firstAccess + "; Path=/; Max-Age=900" + attributes
	setsRefresh    = "refresh_token=" + firstRefresh + "; Path=/; Max-Age=2592000" + attributes
	setsDevice     = "device=" + firstDevice + "; Path=/; Max-Age=34560000" + attributes
	setsNextAccess = "access_token=" + nextAccess + "; Path=/; Max-Age=900" + attributes
	deletesAccess  = "access_token=; Path=/; Max-Age=0" + attributes
	deletesRefresh = "refresh_token=; Path=/; Max-Age=0" + attributes
)

const notNow = `{"detail":"The service cannot do this right now. Try again in a moment.","code":"unavailable"}`
