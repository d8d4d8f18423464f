package application

import (
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A postbox puts letters into the outbox, in the step in which what they tell of is written.
type postbox struct {
	mailID ports.NewMailID
	on     bool // letters are sent
}

// notify lets a person know what was done to the password.
func (p postbox) notify(records ports.Records, kind domain.MailKind, staff domain.StaffID, now time.Time) error {
	if !p.on {
		return nil
	}
	return records.Outbox().Save(domain.NewNotice(p.mailID(), kind, staff, now))
}

// A linkMaker makes one-time links.
type linkMaker struct {
	token  ports.NewLinkToken
	mailID ports.NewMailID
	key    domain.OutboxKey
}

// post stores the letter with a link that was issued just now.
func (m linkMaker) post(records ports.Records, link domain.Link, token domain.LinkToken, now time.Time) error {
	return records.Outbox().Save(domain.NewLinkMail(m.mailID(), link, token, m.key, now))
}

// countLink counts for the client's network that a link was asked for, or that one was wrong.
// The refusal is a [domain.Throttled].
func countLink(records ports.Records, throttle domain.Throttle, client domain.Client, now time.Time) error {
	counter, err := records.Throttle().Counter(domain.LinkCounterOf(domain.NetworkOf(client.Address)))
	if err != nil {
		return err
	}
	counter, refusal := throttle.CountLink(counter, now)
	if err := records.Throttle().Save(counter); err != nil {
		return err
	}
	return refusal
}
