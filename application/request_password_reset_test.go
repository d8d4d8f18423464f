package application_test

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"gatehouse/adapters/memory"
	"gatehouse/application"
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
		{"known", address(1), domain.OutcomeSuccess, "", 1},
		{"in other case", "PERSON1@EXAMPLE.TEST", domain.OutcomeSuccess, "", 1},
		{"without a password", address(3), domain.OutcomeSuccess, "", 1},
		{"unknown", nobody, domain.OutcomeFailure, domain.ReasonUnknownAccount, 0},
		{"inactive", address(2), domain.OutcomeBlocked, domain.ReasonInactive, 0},
		{"left", address(4), domain.OutcomeBlocked, domain.ReasonLeft, 0},
	} {
		s := open(t, person(1), person(2, inactive), person(3, unusable), person(4, left))
		store := &faulty{Store: &s.store, calls: 1 << 30}
		s.front = store
		if got := execute(s, s.requestReset(), resetOf(test.address)); got != (application.RequestPasswordResetResult{}) {
			t.Errorf("%s: the result is %+v", test.name, got)
		}
		calls[test.name] = 1<<30 - store.calls
		s.front = &s.store
		event := s.lastEvent()
		if event.Kind != domain.EventResetRequest || event.Outcome != test.outcome || event.Reason != test.reason ||
			(event.StaffID == "") != (test.address == nobody) || (event.Subject != "") != (test.address == nobody) {
			t.Errorf("%s: the event is %+v", test.name, event)
		}
		var letters int
		for n := range 5 {
			letters += len(s.letters(n))
		}
		if letters != test.letters {
			t.Errorf("%s: %d letters wait for somebody, want %d", test.name, letters, test.letters)
		}
		if all := len(s.contents().letters); all != 1 {
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
	for _, who := range []string{address(1), address(2), nobody} {
		s := open(t, person(1), person(2, inactive))
		s.policy.Links.Mail = false
		if got := execute(s, s.requestReset(), resetOf(who)); !got.MailOff {
			t.Errorf("%s: the result is %+v", who, got)
		}
		if event := s.lastEvent(); event.Outcome != domain.OutcomeBlocked || event.Reason != domain.ReasonMailOff {
			t.Errorf("%s: the event is %+v", who, event)
		}
		if letters := s.contents().letters; len(letters) > 0 {
			t.Errorf("%s: there are letters: %+v", who, letters)
		}
	}
}

// The newest link alone works, and what is beyond the limit is answered as ever.
func TestRequestsAreLimitedByAccount(t *testing.T) {
	for _, who := range []string{address(1), nobody} {
		s := open(t, person(1))
		account := domain.AccountKey(id(1))
		if who == nobody {
			account = domain.AccountKey(memory.Subjects{}.HashSubject(nobody))
		}
		for range 30 { // every ten seconds
			execute(s, s.requestReset(), resetOf(who))
			s.clock.Advance(10 * time.Second)
		}
		if got := len(s.lettersOf(account)); got != 5 {
			t.Errorf("%s: after five minutes %d letters wait, want 5", who, got)
		}
		s.clock.Advance(time.Minute)
		execute(s, s.requestReset(), resetOf(who))
		if event := s.lastEvent(); event.Reason != domain.ReasonTooManyMails || event.Outcome != domain.OutcomeBlocked {
			t.Errorf("%s: the event is %+v", who, event)
		}
		s.clock.Advance(time.Hour)
		execute(s, s.requestReset(), resetOf(who))
		if got := len(s.lettersOf(account)); got != 6 {
			t.Errorf("%s: after another hour %d letters wait, want 6", who, got)
		}
	}
}

// A network that asks for everybody's link is stopped, whoever they are.
func TestRequestsAreLimitedByNetwork(t *testing.T) {
	s := open(t, person(1))
	s.policy.Throttle.NetworkBudget = 10
	var throttled []bool
	for n := range 15 {
		who := address(1)
		if n%2 == 0 {
			who = fmt.Sprint(n, nobody)
		}
		_, err := s.requestReset().Execute(t.Context(), resetOf(who))
		refusal, refused := errors.AsType[*domain.Throttled](err)
		throttled = append(throttled, refused)
		if refused && (refusal.Held || refusal.RetryAfter != s.policy.Throttle.NetworkWindow) {
			t.Errorf("request %d is refused with %+v", n, refusal)
		}
	}
	if want := append(make([]bool, 10), true, true, true, true, true); !slices.Equal(throttled, want) {
		t.Errorf("refused are %v", throttled)
	}
	if n := len(s.contents().events); n != 11 {
		t.Errorf("%d events are audited, want those of ten requests and the first refusal", n)
	}
	elsewhereClient := porttest.Client()
	elsewhereClient.Address = netip.MustParseAddr(elsewhere)
	execute(s, s.requestReset(), application.RequestPasswordResetCommand{Email: nobody, Client: elsewhereClient})
}

// Who reads the store does not find what is in the link.
func TestTheTokenIsNotStored(t *testing.T) {
	s := open(t, person(1))
	token := s.askForLink(1)
	s.policy.Throttle.On = false
	if dump := fmt.Sprintf("%+v", s.contents()); len(token) < 40 || containsText(dump, token) {
		t.Errorf("the token %q is stored", token)
	}
}

// Letters that nobody will read crowd nobody out, from however many networks they are asked for.
func TestLettersForNobodyLeaveRoom(t *testing.T) {
	s := open(t, person(1), person(2, inactive))
	for n := range domain.MaxOutbox + 200 {
		cmd := resetOf(fmt.Sprint(n, nobody))
		cmd.Client.Address = netip.AddrFrom4([4]byte{10, byte(n >> 8), byte(n), 1})
		execute(s, s.requestReset(), cmd)
	}
	s.skipAudit()
	execute(s, s.requestReset(), resetOf(address(1)))
	if got := s.letters(1); len(got) != 1 {
		t.Errorf("%d letters wait for a member of staff, want one", len(got))
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventResetRequest, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if all := len(s.contents().letters); all > 101 {
		t.Errorf("%d letters wait, want a hundred that nobody will read and one", all)
	}
}

// Where so many letters wait for members of staff, nobody is told that one is on its way: the
// answer is the same for every address, the work too, and the trail gives the reason.
func TestAFullOutboxIsToldToEverybody(t *testing.T) {
	calls := map[string]int{}
	for _, who := range []string{address(1), address(2), nobody} {
		s := open(t, person(1), person(2, inactive))
		s.fillOutbox(domain.MailResetLink, domain.MaxOutbox)
		store := &faulty{Store: &s.store, calls: 1 << 30}
		s.front = store
		refuse(s, s.requestReset(), resetOf(who), domain.ErrOutboxFull)
		calls[who] = 1<<30 - store.calls
		if event := s.lastEvent(); event.Reason != domain.ReasonOutboxFull || event.Outcome != domain.OutcomeBlocked {
			t.Errorf("%s: the event is %+v", who, event)
		}
		if calls[who] != calls[address(1)] {
			t.Errorf("%s takes %d calls to the store, a known address %d", who, calls[who], calls[address(1)])
		}
		s.update(func(r ports.Records) error { return r.Outbox().RemoveOldest(domain.MailResetLink) })
		execute(s, s.requestReset(), resetOf(who))
	}
}

// When as many decoys wait as may, the same is done for every address.
func TestRequestsAreAlikeAmongDecoys(t *testing.T) {
	calls := map[string]int{}
	for _, who := range []string{address(1), address(2), nobody} {
		s := open(t, person(1), person(2, inactive))
		s.fillOutbox(domain.MailDecoy, domain.MaxDecoys)
		store := &faulty{Store: &s.store, calls: 1 << 30}
		s.front = store
		execute(s, s.requestReset(), resetOf(who))
		if calls[who] = 1<<30 - store.calls; calls[who] != calls[address(1)] {
			t.Errorf("%s takes %d calls to the store, a known address %d", who, calls[who], calls[address(1)])
		}
		if all := len(s.contents().letters); all != domain.MaxDecoys {
			t.Errorf("%s: %d letters wait, want %d", who, all, domain.MaxDecoys)
		}
	}
}

// Notices that an operator has sent to everybody take no room from links.
func TestNoticesLeaveRoomForLinks(t *testing.T) {
	s := open(t, person(1))
	s.fillOutbox(domain.MailResetDue, domain.MaxOutbox)
	s.askForLink(1)
}
