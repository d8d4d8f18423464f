package credentials_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
)

func TestDeliverMail(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2, apptest.Inactive))
	token := s.AskForLink(1)
	for _, nothing := range []string{apptest.Address(2), apptest.Nobody} {
		apptest.Execute(s, s.RequestPasswordReset(), apptest.ResetOf(nothing))
	}
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
	s.Clock.Advance(time.Minute)
	s.AskForLink(1)
	p := &apptest.Postman{}
	if got := s.Deliver(p); got.Sent != 2 || got.Problem != nil {
		t.Errorf("the result is %+v, want two letters: the first link is void", got)
	}
	if len(p.Letters) != 2 || p.Letters[0].Kind != domain.MailPasswordChanged || p.Letters[1].Kind != domain.MailResetLink {
		t.Fatalf("sent are %+v", p.Letters)
	}
	link := p.Letters[1]
	if link.To != apptest.Person(1).Email || link.Staff != apptest.Id(1) || link.Name != "Tāne Number 1" || link.Token.Reveal() == token ||
		!link.Until.Equal(s.Clock.Now().Add(10*time.Minute)) || !link.About.Equal(s.Clock.Now()) {
		t.Errorf("the letter is %+v", link)
	}
	apptest.Execute(s, s.ConfirmPasswordReset(), apptest.Confirm(1, link.Token.Reveal(), "tui sing in the dark"))
	if event := s.LastEventOf(domain.EventMail); event.StaffID != apptest.Id(1) || event.Reason != "reset_link" || event.Outcome != domain.OutcomeSuccess {
		t.Errorf("the event is %+v", event)
	}
	s.Deliver(p)
	if letters := s.Contents().Letters; len(letters) > 0 || len(p.Letters) != 3 {
		t.Errorf("%d letters were sent, and these wait: %+v", len(p.Letters), letters)
	}
}

// A mail server that is away is tried until the link has expired, and then that is told.
func TestDeliverMailLater(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.AskForLink(1)
	away := errors.New("connection refused")
	tries := 0
	p := &apptest.Postman{Answer: func(domain.Letter) error { tries++; return away }}
	for range 700 {
		if got := s.Deliver(p); got.Problem != nil && !errors.Is(got.Problem, away) {
			t.Fatalf("the problem is %v", got.Problem)
		}
		s.Clock.Advance(time.Second)
	}
	if tries < 10 || tries > 20 || len(s.Contents().Letters) > 0 {
		t.Errorf("it was tried %d times, and these wait: %v", tries, s.Contents().Letters)
	}
	if event := s.LastEventOf(domain.EventMail); event.Reason != domain.ReasonMailGivenUp || event.Outcome != domain.OutcomeFailure || event.StaffID != apptest.Id(1) {
		t.Errorf("the event is %+v", event)
	}
}

// The service was stopped while the link expired.
func TestDeliverMailTooLate(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.AskForLink(1)
	s.Clock.Advance(10 * time.Minute)
	p := &apptest.Postman{}
	if got := s.Deliver(p); got.Sent != 0 || len(p.Letters) > 0 || s.LastEventOf(domain.EventMail).Reason != domain.ReasonMailGivenUp {
		t.Errorf("sent are %v", p.Letters)
	}
}

// One letter that is refused for good does not hold the others up, nor does one that is not
// taken now.
func TestDeliverMailAroundABadLetter(t *testing.T) {
	for _, bad := range []error{fmt.Errorf("%w (code 550)", domain.ErrMailRefused), errors.New("mailbox busy")} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2), apptest.Person(3))
		for n := 1; n <= 3; n++ {
			s.AskForLink(n)
		}
		p := &apptest.Postman{Answer: func(l domain.Letter) error {
			if l.To == apptest.Person(1).Email {
				return bad
			}
			return nil
		}}
		told := append(s.Deliver(p).Refused, s.Deliver(p).Refused...)
		if len(p.Letters) != 2 {
			t.Errorf("%v: %d letters are sent, want those to the others", bad, len(p.Letters))
		}
		refused := errors.Is(bad, domain.ErrMailRefused)
		if waits := len(s.Letters(1)) > 0; waits == refused || slices.Contains(told, bad) != refused {
			t.Errorf("%v: the letter waits: %t; refused are %v", bad, waits, told)
		}
	}
}

// When the process dies after the mail server has taken a letter, or the store fails, the same
// letter is sent again.
func TestDeliverMailTwiceRatherThanNever(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.AskForLink(1)
	p := &apptest.Postman{}
	s.Front = &apptest.Faulty{Store: &s.Store, Calls: 6}
	if _, err := s.DeliverMail(p).Execute(t.Context(), credentials.DeliverMailCommand{}); !errors.Is(err, domain.ErrUnavailable) || len(p.Letters) != 1 {
		t.Fatalf("%d letters, %v", len(p.Letters), err)
	}
	s.Front = &s.Store
	s.Deliver(p)
	if len(p.Letters) != 2 || p.Letters[0].ID != p.Letters[1].ID || !p.Letters[0].About.Equal(p.Letters[1].About) {
		t.Errorf("sent are %+v", p.Letters)
	}
}

// Whichever call to the store fails, that is told, and the letter is there until it has been sent.
func TestDeliverMailTellsEachFault(t *testing.T) {
	for n := 1; ; n++ {
		s := apptest.Open(t, apptest.Person(1))
		s.AskForLink(1)
		store, p := &apptest.Faulty{Store: &s.Store, Calls: n}, &apptest.Postman{}
		s.Front = store
		_, err := s.DeliverMail(p).Execute(t.Context(), credentials.DeliverMailCommand{})
		if !store.Failed {
			if n < 9 || err != nil {
				t.Errorf("%d calls to the store, %v: want more, and no error", n-1, err)
			}
			return
		}
		if waiting := len(s.Contents().Letters) > 0; !errors.Is(err, domain.ErrUnavailable) || !waiting && len(p.Letters) == 0 {
			t.Errorf("call %d has failed: %v, a letter waits: %t, sent are %d", n, err, waiting, len(p.Letters))
		}
	}
}

// While the store can be read but not written, a letter stays due. It is tried once for each call,
// which fails, and not again and again within one.
func TestDeliverMailWhileTheDiskIsFull(t *testing.T) {
	for name, answer := range map[string]error{
		"sent": nil, "refused": fmt.Errorf("%w (code 550)", domain.ErrMailRefused), "busy": errors.New("mailbox busy"),
	} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
		s.AskForLink(1)
		s.AskForLink(2)
		s.Front = &apptest.Unwritten{Store: &s.Store}
		tries := 0
		p := &apptest.Postman{Answer: func(domain.Letter) error { tries++; return answer }}
		for call := range 3 {
			result, err := s.DeliverMail(p).Execute(t.Context(), credentials.DeliverMailCommand{})
			if !errors.Is(err, domain.ErrUnavailable) || tries != call+1 {
				t.Fatalf("%s: after %d calls it was tried %d times: %+v, %v", name, call+1, tries, result, err)
			}
		}
		if n := len(s.Contents().Letters); n != 2 {
			t.Errorf("%s: %d letters wait, want both", name, n)
		}
	}
}

// A letter that is void, or too old, is not taken for done either.
func TestDeliverNothingWhileTheDiskIsFull(t *testing.T) {
	for name, spoil := range map[string]func(*apptest.Shop){
		"void": func(s *apptest.Shop) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		},
		"too old": func(s *apptest.Shop) { s.Clock.Advance(10 * time.Minute) },
	} {
		s := apptest.Open(t, apptest.Person(1))
		s.AskForLink(1)
		spoil(s)
		s.Front = &apptest.Unwritten{Store: &s.Store}
		p := &apptest.Postman{}
		if _, err := s.DeliverMail(p).Execute(t.Context(), credentials.DeliverMailCommand{}); !errors.Is(err, domain.ErrUnavailable) || len(p.Letters) > 0 {
			t.Errorf("%s: %v, and sent are %+v", name, err, p.Letters)
		}
	}
}

func TestDeliverMailWithAnotherKey(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.AskForLink(1)
	p := &apptest.Postman{}
	other := domain.NewOutboxKey(domain.NewSecret("another key than before"))
	apptest.Execute(s, credentials.NewDeliverMail(s.Front, p, other, s.Clock.Now, s.Policy), credentials.DeliverMailCommand{})
	if len(p.Letters) > 0 || len(s.Contents().Letters) > 0 {
		t.Errorf("sent are %+v", p.Letters)
	}
}
