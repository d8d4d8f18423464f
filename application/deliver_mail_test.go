package application_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestDeliverMail(t *testing.T) {
	s := open(t, person(1), person(2, inactive))
	token := s.askForLink(1)
	for _, nothing := range []string{address(2), nobody} {
		execute(s, s.requestReset(), resetOf(nothing))
	}
	execute(s, s.changePassword(), changeAs(1, password, newPassword))
	s.clock.Advance(time.Minute)
	s.askForLink(1)
	p := &postman{}
	if got := s.deliver(p); got.Sent != 2 || got.Problem != nil {
		t.Errorf("the result is %+v, want two letters: the first link is void", got)
	}
	if len(p.letters) != 2 || p.letters[0].Kind != domain.MailPasswordChanged || p.letters[1].Kind != domain.MailResetLink {
		t.Fatalf("sent are %+v", p.letters)
	}
	link := p.letters[1]
	if link.To != person(1).Email || link.Staff != id(1) || link.Name != "Tāne Number 1" || link.Token.Reveal() == token ||
		!link.Until.Equal(s.clock.Now().Add(10*time.Minute)) || !link.About.Equal(s.clock.Now()) {
		t.Errorf("the letter is %+v", link)
	}
	execute(s, s.confirmReset(), confirm(1, link.Token.Reveal(), "tui sing in the dark"))
	if event := s.lastEventOf(domain.EventMail); event.StaffID != id(1) || event.Reason != "reset_link" || event.Outcome != domain.OutcomeSuccess {
		t.Errorf("the event is %+v", event)
	}
	s.deliver(p)
	if letters := s.contents().letters; len(letters) > 0 || len(p.letters) != 3 {
		t.Errorf("%d letters were sent, and these wait: %+v", len(p.letters), letters)
	}
}

// A mail server that is away is tried until the link has expired, and then that is told.
func TestDeliverMailLater(t *testing.T) {
	s := open(t, person(1))
	s.askForLink(1)
	away := errors.New("connection refused")
	tries := 0
	p := &postman{answer: func(domain.Letter) error { tries++; return away }}
	for range 700 {
		if got := s.deliver(p); got.Problem != nil && !errors.Is(got.Problem, away) {
			t.Fatalf("the problem is %v", got.Problem)
		}
		s.clock.Advance(time.Second)
	}
	if tries < 10 || tries > 20 || len(s.contents().letters) > 0 {
		t.Errorf("it was tried %d times, and these wait: %v", tries, s.contents().letters)
	}
	if event := s.lastEventOf(domain.EventMail); event.Reason != domain.ReasonMailGivenUp || event.Outcome != domain.OutcomeFailure || event.StaffID != id(1) {
		t.Errorf("the event is %+v", event)
	}
}

// The service was stopped while the link expired.
func TestDeliverMailTooLate(t *testing.T) {
	s := open(t, person(1))
	s.askForLink(1)
	s.clock.Advance(10 * time.Minute)
	p := &postman{}
	if got := s.deliver(p); got.Sent != 0 || len(p.letters) > 0 || s.lastEventOf(domain.EventMail).Reason != domain.ReasonMailGivenUp {
		t.Errorf("sent are %v", p.letters)
	}
}

// One letter that is refused for good does not hold the others up, nor does one that is not
// taken now.
func TestDeliverMailAroundABadLetter(t *testing.T) {
	for _, bad := range []error{fmt.Errorf("%w (code 550)", domain.ErrMailRefused), errors.New("mailbox busy")} {
		s := open(t, person(1), person(2), person(3))
		for n := 1; n <= 3; n++ {
			s.askForLink(n)
		}
		p := &postman{answer: func(l domain.Letter) error {
			if l.To == person(1).Email {
				return bad
			}
			return nil
		}}
		told := append(s.deliver(p).Refused, s.deliver(p).Refused...)
		if len(p.letters) != 2 {
			t.Errorf("%v: %d letters are sent, want those to the others", bad, len(p.letters))
		}
		refused := errors.Is(bad, domain.ErrMailRefused)
		if waits := len(s.letters(1)) > 0; waits == refused || slices.Contains(told, bad) != refused {
			t.Errorf("%v: the letter waits: %t; refused are %v", bad, waits, told)
		}
	}
}

// When the process dies after the mail server has taken a letter, or the store fails, the same
// letter is sent again.
func TestDeliverMailTwiceRatherThanNever(t *testing.T) {
	s := open(t, person(1))
	s.askForLink(1)
	p := &postman{}
	s.front = &faulty{Store: &s.store, calls: 6}
	if _, err := s.deliverMail(p).Execute(t.Context(), application.DeliverMailCommand{}); !errors.Is(err, domain.ErrUnavailable) || len(p.letters) != 1 {
		t.Fatalf("%d letters, %v", len(p.letters), err)
	}
	s.front = &s.store
	s.deliver(p)
	if len(p.letters) != 2 || p.letters[0].ID != p.letters[1].ID || !p.letters[0].About.Equal(p.letters[1].About) {
		t.Errorf("sent are %+v", p.letters)
	}
}

// While the store can be read but not written, a letter stays due. It is tried once for each call,
// which fails, and not again and again within one.
func TestDeliverMailWhileTheDiskIsFull(t *testing.T) {
	for name, answer := range map[string]error{
		"sent": nil, "refused": fmt.Errorf("%w (code 550)", domain.ErrMailRefused), "busy": errors.New("mailbox busy"),
	} {
		s := open(t, person(1), person(2))
		s.askForLink(1)
		s.askForLink(2)
		s.front = &unwritten{&s.store}
		tries := 0
		p := &postman{answer: func(domain.Letter) error { tries++; return answer }}
		for call := range 3 {
			result, err := s.deliverMail(p).Execute(t.Context(), application.DeliverMailCommand{})
			if !errors.Is(err, domain.ErrUnavailable) || tries != call+1 {
				t.Fatalf("%s: after %d calls it was tried %d times: %+v, %v", name, call+1, tries, result, err)
			}
		}
		if n := len(s.contents().letters); n != 2 {
			t.Errorf("%s: %d letters wait, want both", name, n)
		}
	}
}

// A letter that is void, or too old, is not taken for done either.
func TestDeliverNothingWhileTheDiskIsFull(t *testing.T) {
	for name, spoil := range map[string]func(*shop){
		"void":    func(s *shop) { execute(s, s.changePassword(), changeAs(1, password, newPassword)) },
		"too old": func(s *shop) { s.clock.Advance(10 * time.Minute) },
	} {
		s := open(t, person(1))
		s.askForLink(1)
		spoil(s)
		s.front = &unwritten{&s.store}
		p := &postman{}
		if _, err := s.deliverMail(p).Execute(t.Context(), application.DeliverMailCommand{}); !errors.Is(err, domain.ErrUnavailable) || len(p.letters) > 0 {
			t.Errorf("%s: %v, and sent are %+v", name, err, p.letters)
		}
	}
}

func TestDeliverMailWithAnotherKey(t *testing.T) {
	s := open(t, person(1))
	s.askForLink(1)
	p := &postman{}
	other := domain.NewOutboxKey(domain.NewSecret("another key than before"))
	execute(s, application.NewDeliverMail(s.front, p, other, s.clock.Now, s.policy), application.DeliverMailCommand{})
	if len(p.letters) > 0 || len(s.contents().letters) > 0 {
		t.Errorf("sent are %+v", p.letters)
	}
}
