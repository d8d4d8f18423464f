package domain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

var linkToken = domain.NewLinkToken("AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE")

// issued is a link of the person, made at noon for ten minutes.
func issued(owner domain.Staff) domain.Link {
	link := domain.Link{Account: domain.AccountKey(owner.ID)}
	link.Issue(linkToken, domain.LinkReset, owner, 10*time.Minute, porttest.Noon)
	return link
}

func TestLinkCheck(t *testing.T) {
	text := linkToken.Reveal()
	for _, test := range []struct {
		name   string
		token  string
		after  time.Duration
		change func(*domain.Staff, *domain.Link)
		reason domain.Reason
	}{
		{"good", text, 0, nil, ""},
		{"until the end", text, 10*time.Minute - time.Millisecond, nil, ""},
		{"at the end", text, 10 * time.Minute, nil, domain.ReasonLinkExpired},
		{"empty", "", 0, nil, domain.ReasonLinkUnknown},
		{"a prefix", text[:len(text)-1], 0, nil, domain.ReasonLinkUnknown},
		{"other case", strings.ToUpper(text), 0, nil, domain.ReasonLinkUnknown},
		{"a wildcard", "%", 0, nil, domain.ReasonLinkUnknown},
		{"the digest", string(linkToken.Digest()), 0, nil, domain.ReasonLinkUnknown},
		{"used", text, 0, func(_ *domain.Staff, l *domain.Link) { l.Use() }, domain.ReasonLinkUnknown},
		{"used, and nothing shown", "", 0, func(_ *domain.Staff, l *domain.Link) { l.Use() }, domain.ReasonLinkUnknown},
		{"of another account", text, 0, func(s *domain.Staff, _ *domain.Link) { s.ID = "other" }, domain.ReasonLinkOutdated},
		{"another password since", text, 0, func(s *domain.Staff, _ *domain.Link) { s.Credentials.Version++ }, domain.ReasonLinkOutdated},
		{"another address since", text, 0, func(s *domain.Staff, _ *domain.Link) { s.Email = "x@example.test" }, domain.ReasonLinkOutdated},
		{"the address in other case", text, 0, func(s *domain.Staff, _ *domain.Link) { s.Email = domain.Email(strings.ToUpper(string(s.Email))) }, ""},
		{"signed out everywhere since", text, 2 * time.Second, func(s *domain.Staff, _ *domain.Link) { s.EndSessions(porttest.Noon.Add(time.Second)) }, domain.ReasonLinkOutdated},
		{"inactive", text, 0, func(s *domain.Staff, _ *domain.Link) { s.IsActive = false }, domain.ReasonInactive},
		{"left", text, 0, func(s *domain.Staff, _ *domain.Link) { s.DateLeft = porttest.Policy().Today(porttest.Noon) }, domain.ReasonLeft},
	} {
		owner := person()
		link := issued(owner)
		if test.change != nil {
			test.change(&owner, &link)
		}
		err := link.Check(domain.NewLinkToken(test.token), owner, porttest.Policy(), porttest.Noon.Add(test.after))
		if domain.ReasonOf(err) != test.reason || errors.Is(err, domain.ErrLinkInvalid) != (test.reason != "") {
			t.Errorf("%s: %v (%s), want %q", test.name, err, domain.ReasonOf(err), test.reason)
		}
	}
}

// A link that is made while the clock is behind the last time that all sessions ended works.
func TestLinkAfterTheClockWasPutBack(t *testing.T) {
	owner := person()
	owner.EndSessions(porttest.Noon.Add(time.Hour))
	if err := issued(owner).Check(linkToken, owner, porttest.Policy(), porttest.Noon); err != nil {
		t.Errorf("the link is refused: %v", err)
	}
}

func TestANewerLinkReplacesTheOlder(t *testing.T) {
	link := issued(person())
	other := domain.NewLinkToken("another")
	link.Issue(other, domain.LinkInvitation, person(), time.Hour, porttest.Noon)
	if link.Check(linkToken, person(), porttest.Policy(), porttest.Noon) == nil {
		t.Error("the older one works")
	}
	if err := link.Check(other, person(), porttest.Policy(), porttest.Noon); err != nil {
		t.Errorf("the newer one does not work: %v", err)
	}
}

// In an hour there are five mails at most, wherever it begins, and one in a minute.
func TestHowManyLinksAreMailed(t *testing.T) {
	var link domain.Link
	var sent, want []time.Duration
	for hour := range time.Duration(3) {
		for minute := range time.Duration(5) {
			want = append(want, hour*time.Hour+minute*time.Minute)
		}
	}
	for after := time.Duration(0); after < 3*time.Hour; after += 10 * time.Second {
		err := link.Mail(porttest.Noon.Add(after))
		if err == nil {
			sent = append(sent, after)
		} else if domain.ReasonOf(err) != domain.ReasonTooManyMails || domain.OutcomeOf(err) != domain.OutcomeBlocked {
			t.Fatalf("it is refused with %v", err)
		}
	}
	if !slices.Equal(sent, want) {
		t.Errorf("links are sent at %v, want %v", sent, want)
	}
	if err := link.Mail(porttest.Noon.Add(-time.Hour)); err != nil {
		t.Errorf("after the clock was put back: %v", err)
	}
	if err := link.Mail(porttest.Noon.Add(-time.Hour)); !errors.Is(err, domain.ErrLinkNotSent) {
		t.Errorf("a second one at the same instant: %v, want ErrLinkNotSent", err)
	}
}

func TestLinkURL(t *testing.T) {
	const want = "https://shop.example/gate/accounts/password_reset/confirm/?uid=00000000-0000-4000-8000-000000000001&token=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"
	if got := domain.LinkURL("https://shop.example/gate", staffNumber(1), linkToken); got.Reveal() != want {
		t.Errorf("the link is %s, want %s", got.Reveal(), want)
	}
}

// The digest is stored: printf %s TOKEN | sha256sum
func TestLinkDigest(t *testing.T) {
	const want = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
	if got := domain.NewLinkToken("foo").Digest(); got != want {
		t.Errorf("the digest is %s, want %s", got, want)
	}
}

func TestCountLink(t *testing.T) {
	throttle := porttest.Policy().Throttle
	throttle.NetworkBudget = 3
	counters := []domain.Counter{{CounterKey: domain.LinkCountersOf(porttest.Client().Address)[0]}}
	var audited int
	for n := range 10 {
		stored, err := throttle.CountLink(slices.Clone(counters), porttest.Noon.Add(time.Duration(n)*time.Second))
		if len(stored) > 0 {
			counters = stored
		}
		refusal, refused := errors.AsType[*domain.Throttled](err)
		if refused != (n >= 3) {
			t.Errorf("the link number %d is refused: %t", n+1, refused)
		}
		if refused && refusal.RetryAfter != throttle.NetworkWindow-time.Duration(n)*time.Second {
			t.Errorf("the link number %d may be asked for after %v", n+1, refusal.RetryAfter)
		}
		if refused && refusal.Audited {
			audited++
		}
		if kept := len(stored) > 0; kept != (!refused || refusal.Audited) {
			t.Errorf("the link number %d is to be stored: %t", n+1, kept)
		}
	}
	if audited != 1 {
		t.Errorf("%d refusals are audited, want the first", audited)
	}
	if _, err := throttle.CountLink(slices.Clone(counters), porttest.Noon.Add(throttle.NetworkWindow)); err != nil {
		t.Errorf("after the window: %v", err)
	}
	throttle.On = false
	if _, err := throttle.CountLink(counters, porttest.Noon); err != nil {
		t.Errorf("without a throttle: %v", err)
	}
}

// NIST SP 800-63B-4, 4.2.1.2: a day at most.
func TestNoLinkWorksLongerThanADay(t *testing.T) {
	const day = 24 * time.Hour
	for lifetime, want := range map[time.Duration]time.Duration{day - 1: day - 1, day: day, day + 1: day, 1000 * day: day} {
		var link domain.Link
		link.Issue(linkToken, domain.LinkInvitation, person(), lifetime, porttest.Noon)
		if got := link.ExpiresAt.Sub(porttest.Noon); got != want {
			t.Errorf("a link for %v works for %v, want %v", lifetime, got, want)
		}
	}
}
