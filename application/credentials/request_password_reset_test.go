package credentials_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// The same is done for every address, call by call, and only the trail tells who it was.
func TestRequestsAreAlike(t *testing.T) {
	calls := map[string]int{}
	for _, test := range []struct {
		name, address string
		outcome       domain.Outcome
		reason        domain.Reason
		letters       int
	}{
		{"known", apptest.Address(1), domain.OutcomeSuccess, "", 1},
		{"in other case", "PERSON1@EXAMPLE.TEST", domain.OutcomeSuccess, "", 1},
		{"without a password", apptest.Address(3), domain.OutcomeSuccess, "", 1},
		{"unknown", apptest.Nobody, domain.OutcomeFailure, domain.ReasonUnknownAccount, 0},
		{"inactive", apptest.Address(2), domain.OutcomeBlocked, domain.ReasonInactive, 0},
		{"left", apptest.Address(4), domain.OutcomeBlocked, domain.ReasonLeft, 0},
	} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive), apptest.Person(3, apptest.Unusable), apptest.Person(4, apptest.Left))
		store := &apptest.Faulty{Store: &s.Store, Calls: 1 << 30}
		s.Front = store
		if got := apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(test.address)); got != (credentials.RequestPasswordResetResult{}) {
			t.Errorf("%s: the result is %+v", test.name, got)
		}
		calls[test.name] = 1<<30 - store.Calls
		s.Front = &s.Store
		event := s.LastEvent()
		if event.Kind != domain.EventResetRequest || event.Outcome != test.outcome || event.Reason != test.reason ||
			(event.StaffID == "") != (test.address == apptest.Nobody) || (event.Subject != "") != (test.address == apptest.Nobody) {
			t.Errorf("%s: the event is %+v", test.name, event)
		}
		var letters int
		for n := range 5 {
			letters += len(s.Letters(n))
		}
		if letters != test.letters {
			t.Errorf("%s: %d letters wait for somebody, want %d", test.name, letters, test.letters)
		}
		if all := len(s.Contents().Letters); all != 1 {
			t.Errorf("%s: %d letters wait in all, want one", test.name, all)
		}
	}
	for name, n := range calls {
		if n != calls["known"] {
			t.Errorf("%s takes %d calls to the store, a known address %d", name, n, calls["known"])
		}
	}
}

func TestRequestWithoutMail(t *testing.T) {
	for _, who := range []string{apptest.Address(1), apptest.Address(2), apptest.Nobody} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
		s.Policy.Links.Mail = false
		if got := apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who)); !got.MailOff {
			t.Errorf("%s: the result is %+v", who, got)
		}
		if event := s.LastEvent(); event.Outcome != domain.OutcomeBlocked || event.Reason != domain.ReasonMailOff {
			t.Errorf("%s: the event is %+v", who, event)
		}
		if letters := s.Contents().Letters; len(letters) > 0 {
			t.Errorf("%s: there are letters: %+v", who, letters)
		}
	}
}

// The newest link alone works, and what is beyond the limit is answered as ever.
func TestRequestsAreLimitedByAccount(t *testing.T) {
	for _, who := range []string{apptest.Address(1), apptest.Nobody} {
		s := apptest.Open(t, apptest.Person(1))
		account := domain.AccountKey(apptest.Id(1))
		if who == apptest.Nobody {
			account = domain.AccountKey(memory.Subjects{}.HashSubject(apptest.Nobody))
		}
		for range 30 { // every ten seconds
			apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who))
			s.Clock.Advance(10 * time.Second)
		}
		if got := len(s.LettersOf(account)); got != 5 {
			t.Errorf("%s: after five minutes %d letters wait, want 5", who, got)
		}
		s.Clock.Advance(time.Minute)
		apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who))
		if event := s.LastEvent(); event.Reason != domain.ReasonTooManyMails || event.Outcome != domain.OutcomeBlocked {
			t.Errorf("%s: the event is %+v", who, event)
		}
		s.Clock.Advance(time.Hour)
		apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who))
		if got := len(s.LettersOf(account)); got != 6 {
			t.Errorf("%s: after another hour %d letters wait, want 6", who, got)
		}
	}
}

// A network that asks for too many links is stopped, even if each is for another address.
func TestRequestsAreLimitedByNetwork(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Throttle.NetworkBudget = 10
	var throttled []bool
	for n := range 15 {
		who := apptest.Address(1)
		if n%2 == 0 {
			who = fmt.Sprint(n, apptest.Nobody)
		}
		_, err := s.RequestPasswordReset().Execute(t.Context(), apptest.ResetOf(who))
		refusal, refused := errors.AsType[*domain.Throttled](err)
		throttled = append(throttled, refused)
		if refused && (refusal.Held || refusal.RetryAfter != s.Policy.Throttle.NetworkWindow) {
			t.Errorf("request %d is refused with %+v", n, refusal)
		}
	}
	if want := append(make([]bool, 10), true, true, true, true, true); !slices.Equal(throttled, want) {
		t.Errorf("refused are %v", throttled)
	}
	if n := len(s.Contents().Events); n != 11 {
		t.Errorf("%d events are audited, want those of ten requests and the first refusal", n)
	}
	elsewhereClient := porttest.Client()
	elsewhereClient.Address = netip.MustParseAddr(apptest.Elsewhere)
	apptest.Execute(s, s.RequestPasswordReset(), credentials.RequestPasswordResetCommand{Email: apptest.Nobody, Client: elsewhereClient})
}

// Who reads the store does not find what is in the link.
func TestTheTokenIsNotStored(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.AskForLink(1)
	s.Policy.Throttle.On = false
	if dump := fmt.Sprintf("%+v", s.Contents()); len(token) < 40 || containsText(dump, token) {
		t.Errorf("the token %q is stored", token)
	}
}

// Decoys for unknown addresses take no room from real letters, even if many networks ask for them.
func TestLettersForNobodyLeaveRoom(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
	for n := range domain.MaxOutbox + 200 {
		cmd := apptest.ResetOf(fmt.Sprint(n, apptest.Nobody))
		cmd.Client.Address = netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 1})
		apptest.Execute(s, s.RequestPasswordReset(), cmd)
	}
	s.SkipAudit()
	apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(apptest.Address(1)))
	if got := s.Letters(1); len(got) != 1 {
		t.Errorf("%d letters wait for a member of staff, want one", len(got))
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventResetRequest, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	if all := len(s.Contents().Letters); all > 101 {
		t.Errorf("%d letters wait, want a hundred that nobody will read and one", all)
	}
}

// If the outbox is full, every address gets the same refusal after the same work. The trail has the reason.
func TestAFullOutboxIsToldToEverybody(t *testing.T) {
	calls := map[string]int{}
	for _, who := range []string{apptest.Address(1), apptest.Address(2), apptest.Nobody} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
		s.FillOutbox(domain.MailResetLink, domain.MaxOutbox)
		store := &apptest.Faulty{Store: &s.Store, Calls: 1 << 30}
		s.Front = store
		apptest.Refuse(s, s.RequestPasswordReset(), apptest.ResetOf(who), domain.ErrOutboxFull)
		calls[who] = 1<<30 - store.Calls
		if event := s.LastEvent(); event.Reason != domain.ReasonOutboxFull || event.Outcome != domain.OutcomeBlocked {
			t.Errorf("%s: the event is %+v", who, event)
		}
		if calls[who] != calls[apptest.Address(1)] {
			t.Errorf("%s takes %d calls to the store, a known address %d", who, calls[who], calls[apptest.Address(1)])
		}
		s.Update(func(r ports.Records) error { return r.Outbox().RemoveOldest(domain.MailResetLink) })
		apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who))
	}
}

// When as many decoys wait as may, the same is done for every address.
func TestRequestsAreAlikeAmongDecoys(t *testing.T) {
	calls := map[string]int{}
	for _, who := range []string{apptest.Address(1), apptest.Address(2), apptest.Nobody} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
		s.FillOutbox(domain.MailDecoy, domain.MaxDecoys)
		store := &apptest.Faulty{Store: &s.Store, Calls: 1 << 30}
		s.Front = store
		apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(who))
		if calls[who] = 1<<30 - store.Calls; calls[who] != calls[apptest.Address(1)] {
			t.Errorf("%s takes %d calls to the store, a known address %d", who, calls[who], calls[apptest.Address(1)])
		}
		if all := len(s.Contents().Letters); all != domain.MaxDecoys {
			t.Errorf("%s: %d letters wait, want %d", who, all, domain.MaxDecoys)
		}
	}
}

// Notices that an operator has sent to everybody take no room from links.
func TestNoticesLeaveRoomForLinks(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.FillOutbox(domain.MailResetDue, domain.MaxOutbox)
	s.AskForLink(1)
}
