package signin_test

import (
	"context"
	"errors"
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// identifying returns the owner of an access token to the use case. It counts the calls.
func identifying(s *apptest.Shop, token domain.Token, times *int) func(context.Context) (signin.GuardRequestResult, error) {
	return func(ctx context.Context) (signin.GuardRequestResult, error) {
		*times++
		result, err := s.CurrentStaff().Execute(ctx, apptest.Me(token))
		return signin.GuardRequestResult{Owner: result.Owner, Session: "s", Access: token}, err
	}
}

func TestGuardRequest(t *testing.T) {
	const path, open = "/jobs", "/open/a"
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.OpenPaths = domain.OpenPaths{"/open/*"}
	good, garbage := s.SignIn(1).Access, domain.NewToken("garbage")
	known := signin.GuardRequestResult{Owner: s.Staff(1), Session: "s", Access: good}
	nobody := signin.GuardRequestResult{}
	s.SkipAudit()
	before := s.Contents()
	type request = domain.GuardedRequest
	for name, c := range map[string]struct {
		request request
		token   domain.Token
		want    signin.GuardRequestResult
		refused error
		asked   int
	}{
		"signed in":                             {request{Method: "GET", Path: path}, good, known, nil, 1},
		"signed out":                            {request{Method: "GET", Path: path}, garbage, nobody, domain.ErrTokenInvalid, 1},
		"with a role":                           {request{Method: "GET", Path: path, Roles: []domain.Role{domain.RoleWorkshop}}, good, known, nil, 1},
		"without the role":                      {request{Method: "GET", Path: path, Roles: []domain.Role{domain.RoleOffice}}, good, nobody, domain.ErrNotAllowed, 1},
		"signed out, where a role is needed":    {request{Method: "GET", Path: path, Roles: []domain.Role{domain.RoleOffice}}, garbage, nobody, domain.ErrTokenInvalid, 1},
		"a preflight":                           {request{Method: "OPTIONS", Path: path, AsksWhatIsAllowed: true}, good, nobody, nil, 0},
		"another site's":                        {request{Method: "POST", Path: path, CarriesCookies: true, CrossSite: true}, good, nobody, domain.ErrCrossSite, 0},
		"an open path":                          {request{Method: "GET", Path: open}, good, known, nil, 1},
		"an open path, signed out":              {request{Method: "GET", Path: open}, garbage, nobody, nil, 1},
		"an open path needs no role":            {request{Method: "GET", Path: open, Roles: []domain.Role{domain.RoleOffice}}, good, known, nil, 1},
		"another site's change of an open path": {request{Method: "POST", Path: open, CarriesCookies: true, CrossSite: true}, good, nobody, nil, 0},
	} {
		asked := 0
		query := signin.GuardRequestQuery{Request: c.request, Identify: identifying(s, c.token, &asked)}
		got, err := s.GuardRequest().Execute(t.Context(), query)
		if got != c.want || !errors.Is(err, c.refused) || asked != c.asked {
			t.Errorf("%s: got %+v, %v after asking %d times, want %+v, %v after %d", name, got, err, asked, c.want, c.refused, c.asked)
		}
	}
	s.MustStillBe(before)
}

// Without the database no sender can be found out. An open path takes the request all the same. Elsewhere the
// error is told, and is not mistaken for being signed out.
func TestGuardRequestWhenNobodyCanBeKnown(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.OpenPaths = domain.OpenPaths{"/open"}
	away := func(context.Context) (signin.GuardRequestResult, error) {
		return signin.GuardRequestResult{Owner: s.Staff(1)}, domain.ErrUnavailable
	}
	for path, want := range map[string]error{"/open": nil, "/jobs": domain.ErrUnavailable} {
		query := signin.GuardRequestQuery{Request: domain.GuardedRequest{Method: "GET", Path: path}, Identify: away}
		if got, err := s.GuardRequest().Execute(t.Context(), query); !errors.Is(err, want) || got != (signin.GuardRequestResult{}) {
			t.Errorf("%s: got %+v, %v", path, got, err)
		}
	}
}
