package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// The access token is new, and the refresh token is as good as before, however often.
func TestRenewAccess(t *testing.T) {
	s := apptest.Rotating(t)
	s.Policy.IdleLifetime = 2 * time.Hour
	refresh := s.SignIn(1).Refresh
	before := s.SessionOf(refresh)
	s.SkipAudit()
	for range 3 {
		s.Clock.Advance(time.Hour) // longer, together, than a session may be idle
		renewed := apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh))
		if renewed.Lifetime != s.Policy.AccessLifetime || s.IdOf(renewed.Access) != before.ID {
			t.Errorf("the access token is %+v and lasts %v", s.Claims(renewed.Access), renewed.Lifetime)
		}
		s.MustAccess(renewed.Access, nil)
		s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenRenew, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: before.ID})
	}
	before.Renew(s.SessionOf(refresh).RenewedToken, porttest.Client(), s.Clock.Now())
	if after := s.SessionOf(refresh); after != before {
		t.Errorf("the session is %+v, want %+v", after, before)
	}
	if s.Refresh(refresh).Refresh.Empty() {
		t.Error("a refresh does not replace the token any more")
	}
}

// A second tab gets the same token again. It is not written down, and it does not count as a use.
func TestRenewAccessAgain(t *testing.T) {
	s := apptest.Rotating(t)
	refresh := s.SignIn(1).Refresh
	s.Clock.Advance(time.Hour + 700*time.Millisecond) // tokens have whole seconds
	first := apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh))
	if first.Lifetime != s.Policy.AccessLifetime || !first.Keep {
		t.Errorf("the first renewal gives %+v", first)
	}
	before := s.Contents()
	s.Clock.Advance(59*time.Second + 999*time.Millisecond)
	again := apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh))
	if again.Access.Reveal() != first.Access.Reveal() || again.Lifetime != s.Policy.AccessLifetime-time.Minute || !again.Keep {
		t.Errorf("the second renewal gives %+v, want the token again", again)
	}
	s.MustStillBe(before)
	s.Clock.Advance(time.Millisecond)
	if later := apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh)); later.Access.Reveal() == first.Access.Reveal() {
		t.Error("after a minute there is no new token")
	}
}

// Of many that come at once, one is written, and all get its token. The first look, which only reads,
// does not decide.
func TestRenewAccessAtOnce(t *testing.T) {
	s := apptest.Rotating(t)
	refresh := s.SignIn(1).Refresh
	s.Clock.Advance(time.Hour)
	s.SkipAudit()
	var first, second signin.RenewAccessResult
	s.Front = &overtaken{&s.Store, func() {
		s.Front = &s.Store
		first = apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh))
	}}
	second = apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh))
	if first.Access.Empty() || first.Access.Reveal() != second.Access.Reveal() {
		t.Errorf("they get %+v and %+v", first, second)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenRenew, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: s.IdOf(refresh)})
}

// Something overtakes each update of an overtaken store.
type overtaken struct {
	ports.Store
	by func()
}

func (o *overtaken) Update(ctx context.Context, change func(ports.Records) error) error {
	o.by()
	return o.Store.Update(ctx, change)
}

// A request that reads ahead gets a token for itself alone. Nothing is written.
func TestRenewAccessUnseen(t *testing.T) {
	s := apptest.Rotating(t)
	refresh := s.SignIn(1).Refresh
	s.Clock.Advance(time.Hour)
	command := apptest.RenewWith(refresh)
	command.Unseen = true
	before := s.Contents()
	unseen := apptest.Execute(s, s.RenewAccess(), command)
	s.MustAccess(unseen.Access, nil)
	if unseen.Keep {
		t.Error("the browser is to keep a token that nobody wrote down")
	}
	s.MustStillBe(before)
	if kept := apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(refresh)); kept.Access.Reveal() == unseen.Access.Reveal() || !kept.Keep {
		t.Errorf("afterwards the browser gets %+v", kept)
	}
}

// A lost answer to a refresh is one thing; within its grace a page is answered, too.
func TestRenewAccessWithinTheGrace(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1).Refresh
	s.Refresh(first)
	apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(first))
}

// What a refresh would refuse, and even punish, is refused without a trace.
func TestRenewAccessRefuses(t *testing.T) {
	for _, refused := range []struct {
		name  string
		token func(*apptest.Shop) domain.Token
		want  error
	}{
		{"nothing", func(*apptest.Shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
		{"an access token", func(s *apptest.Shop) domain.Token { return s.SignIn(1).Access }, domain.ErrTokenWrongType},
		{"a replaced token", func(s *apptest.Shop) domain.Token {
			first := s.SignIn(1).Refresh
			s.Refresh(first)
			s.Clock.Advance(s.Policy.RefreshGrace)
			return first
		}, domain.ErrSessionEnded},
		{"a token that is not issued yet", func(s *apptest.Shop) domain.Token {
			return s.Alter(s.SignIn(1).Refresh, func(c *domain.Claims) { c.Generation++ })
		}, domain.ErrSessionEnded},
		{"expired", func(s *apptest.Shop) domain.Token {
			refresh := s.SignIn(1).Refresh
			s.Clock.Advance(s.Policy.SessionLifetime)
			return refresh
		}, domain.ErrTokenExpired},
		{"signed out", func(s *apptest.Shop) domain.Token {
			pair := s.SignIn(1)
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Access))
			return pair.Refresh
		}, domain.ErrSessionEnded},
		{"left", func(s *apptest.Shop) domain.Token {
			refresh := s.SignIn(1).Refresh
			s.Change(1, apptest.Left)
			return refresh
		}, domain.ErrAccountInactive},
		{"reset due", func(s *apptest.Shop) domain.Token {
			refresh := s.SignIn(1).Refresh
			s.Change(1, apptest.ResetDue)
			return refresh
		}, domain.ErrPasswordResetRequired},
		{"of the shop's Django", func(s *apptest.Shop) domain.Token { return s.Django(domain.RefreshToken, 1) }, domain.ErrSessionNotFound},
	} {
		t.Run(refused.name, func(t *testing.T) {
			s := apptest.Rotating(t)
			token := refused.token(s)
			before := s.Contents()
			apptest.Refuse(s, s.RenewAccess(), apptest.RenewWith(token), refused.want)
			s.MustStillBe(before)
		})
	}
}

// The access token that the browser has besides must be over, and of the same person.
func TestRenewAccessBesideAnAccessToken(t *testing.T) {
	s := apptest.Rotating(t)
	s.Save(apptest.Person(2))
	own, others := s.SignIn(1), s.SignIn(2)
	foreign := s.Alter(others.Access, func(c *domain.Claims) { c.Session = porttest.Session(9, apptest.Person(2)).ID })
	s.Clock.Advance(time.Hour)
	for name, c := range map[string]struct {
		access domain.Token
		want   error
	}{
		"none":                        {domain.Token{}, nil},
		"over":                        {own.Access, nil},
		"good":                        {s.Alter(own.Access, func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now().Add(time.Hour) }), domain.ErrTokenInvalid},
		"forged":                      {domain.NewToken("x"), domain.ErrTokenInvalid},
		"of another, and over":        {others.Access, domain.ErrTokenInvalid},
		"of another, without session": {foreign, domain.ErrTokenInvalid},
		"a refresh token":             {own.Refresh, domain.ErrTokenWrongType},
	} {
		command := apptest.RenewWith(own.Refresh)
		command.Access = c.access
		before := s.Contents()
		if _, err := s.RenewAccess().Execute(t.Context(), command); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.want != nil {
			s.MustStillBe(before)
		}
	}
}

// The operator may switch renewals off. Then a good refresh token is refused as a bad one is.
func TestRenewAccessIsOff(t *testing.T) {
	s := apptest.Rotating(t)
	s.Policy.RenewAccess = false
	for _, token := range []domain.Token{s.SignIn(1).Refresh, domain.NewToken("x")} {
		apptest.Refuse(s, s.RenewAccess(), apptest.RenewWith(token), domain.ErrTokenInvalid)
	}
}

// A token of the shop's Django that has become a session is like any other.
func TestRenewAccessAfterAdoption(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	django := s.Django(domain.RefreshToken, 1)
	s.Refresh(django)
	apptest.Execute(s, s.RenewAccess(), apptest.RenewWith(django))
}
