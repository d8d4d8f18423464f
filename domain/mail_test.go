package domain_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

var outboxKey = domain.NewOutboxKey(domain.NewSecret("sixteen random bytes"))

func TestASealedTokenIsOpenedForItsLetterAlone(t *testing.T) {
	sealed := outboxKey.Seal("mail-1", linkToken)
	if token, err := outboxKey.Open("mail-1", sealed); err != nil || !token.Equal(linkToken.Secret) {
		t.Errorf("it is opened as %q, %v", token.Reveal(), err)
	}
	if strings.Contains(string(sealed), linkToken.Reveal()[:8]) {
		t.Error("the token can be read in what is sealed")
	}
	other := domain.NewOutboxKey(domain.NewSecret("sixteen other bytes!"))
	for what, open := range map[string]func() (domain.LinkToken, error){
		"another letter": func() (domain.LinkToken, error) { return outboxKey.Open("mail-2", sealed) },
		"another key":    func() (domain.LinkToken, error) { return other.Open("mail-1", sealed) },
		"altered":        func() (domain.LinkToken, error) { return outboxKey.Open("mail-1", "x"+sealed[1:]) },
		"empty":          func() (domain.LinkToken, error) { return outboxKey.Open("mail-1", "") },
	} {
		if token, err := open(); err == nil || !token.Empty() {
			t.Errorf("%s: opened as %q", what, token.Reveal())
		}
	}
	mustHaveKeysOfTheirOwn(t, sealed, outboxKey.Seal("mail-2", linkToken))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, outboxKey); strings.Contains(text, "sixteen") {
			t.Errorf("%s prints the key: %s", verb, text)
		}
	}
}

// mustHaveKeysOfTheirOwn checks that one token is encrypted otherwise for another letter. With one
// key and one nonce AES-GCM gives the same bytes but for the tag at the end, and whoever knows one
// token can read all others (NIST SP 800-38D, 8).
func mustHaveKeysOfTheirOwn(t *testing.T, one, other domain.SealedToken) {
	t.Helper()
	const tag = 16
	same := 0
	for i := range len(one) - tag {
		if one[i] == other[i] {
			same++
		}
	}
	if length := len(one) - tag; length < 16 || len(other) != len(one) || same > length/2 {
		t.Errorf("of %d encrypted bytes %d are the same for two letters", length, same)
	}
}

func TestPostpone(t *testing.T) {
	mail := domain.NewNotice("n", domain.MailPasswordReset, "s", porttest.Noon)
	mail.ExpiresAt = porttest.Noon.Add(10 * time.Minute)
	now := porttest.Noon
	var waits []int
	for mail.Postpone(now) {
		waits = append(waits, int(mail.DueAt.Sub(now)/time.Second))
		now = mail.DueAt
	}
	if want := []int{2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60, 60}; !slices.Equal(waits, want) || mail.Attempts != len(want)+1 {
		t.Errorf("it is tried again after %v s, want %v", waits, want)
	}
}

func TestNewLinkMail(t *testing.T) {
	for purpose, want := range map[domain.LinkPurpose]domain.MailKind{
		domain.LinkReset: domain.MailResetLink, domain.LinkInvitation: domain.MailInvitation,
	} {
		link := domain.Link{Account: "a"}
		link.Issue(linkToken, purpose, person(), time.Hour, porttest.Noon)
		mail := domain.NewLinkMail("m", link, linkToken, outboxKey, porttest.Noon)
		if mail.Kind != want || !mail.Kind.HasLink() || mail.Account != "a" || !mail.ExpiresAt.Equal(link.ExpiresAt) {
			t.Errorf("the letter for %s is %+v", purpose, mail)
		}
	}
}

// A link that is nobody's has a letter that nobody will read.
func TestNewLinkMailForNobody(t *testing.T) {
	link := domain.Link{Account: "hash"}
	link.Issue(linkToken, domain.LinkReset, domain.Staff{}, time.Hour, porttest.Noon)
	mail := domain.NewLinkMail("m", link, linkToken, outboxKey, porttest.Noon)
	if mail.Kind != domain.MailDecoy || slices.Contains(domain.MailKinds(), mail.Kind) || mail.Account != "hash" {
		t.Errorf("the letter is %+v", mail)
	}
}

func TestAdmit(t *testing.T) {
	for _, test := range []struct {
		outbox   domain.Outbox
		displace bool
		full     bool
	}{
		{domain.Outbox{}, false, false}, {domain.Outbox{Links: 500, Decoys: 99}, false, false}, {domain.Outbox{Decoys: 100}, true, false},
		{domain.Outbox{Links: 899, Decoys: 100}, true, false}, {domain.Outbox{Links: 999}, false, false}, {domain.Outbox{Links: 998, Decoys: 1}, false, false},
		{domain.Outbox{Links: 999, Decoys: 1}, true, false}, {domain.Outbox{Links: 1000}, false, true}, {domain.Outbox{Links: 1000, Decoys: 100}, false, true},
	} {
		displace, err := test.outbox.Admit()
		if displace != test.displace || errors.Is(err, domain.ErrOutboxFull) != test.full {
			t.Errorf("%+v: displace %t, %v", test.outbox, displace, err)
		}
	}
}
