package steps

import (
	"cmp"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Postbox puts notices into the outbox. Call it in the update that makes the change they are about.
type Postbox struct {
	MailID ports.NewMailID
	On     bool // mail is set up; otherwise the postbox does nothing
}

// Notify sends the person a notice about their password.
func (p Postbox) Notify(records ports.Records, kind domain.MailKind, staff domain.StaffID, now time.Time) error {
	if !p.On {
		return nil
	}
	return records.Outbox().Save(domain.NewNotice(p.MailID(), kind, staff, now))
}

// A LinkMaker makes one-time links.
type LinkMaker struct {
	Token  ports.NewLinkToken
	MailID ports.NewMailID
	Key    domain.OutboxKey
}

// Post stores the letter for a link that was issued just now.
func (m LinkMaker) Post(records ports.Records, link domain.Link, token domain.LinkToken, now time.Time) error {
	return records.Outbox().Save(domain.NewLinkMail(m.MailID(), link, token, m.Key, now))
}

// MakeRoomForLetter makes room in the outbox for one more letter that somebody has asked for. If the outbox is
// full, it removes the oldest decoy.
//
// Errors: [domain.ErrOutboxFull] if there is no decoy to remove.
func MakeRoomForLetter(outbox ports.OutboxRecords) error {
	links, err := outbox.Count(domain.MailResetLink)
	if err != nil {
		return err
	}
	decoys, err := outbox.Count(domain.MailDecoy)
	if err != nil {
		return err
	}
	displace, err := domain.Outbox{Links: links, Decoys: decoys}.Admit()
	if err != nil || !displace {
		return err
	}
	return outbox.RemoveOldest(domain.MailDecoy)
}

// CountLink counts a request for a link, or a wrong link, for the client's networks. It returns a
// [domain.Throttled] if there were too many.
func CountLink(records ports.ThrottleRecords, throttle domain.Throttle, client domain.Client, now time.Time) error {
	counters, err := load(records, domain.LinkCountersOf(client.Address))
	if err != nil {
		return err
	}
	counters, refusal := throttle.CountLink(counters, now)
	return cmp.Or(save(records, counters), refusal)
}

// RefuseLinkEarly returns the refusal of [CountLink] if that would not be audited. It only reads.
func RefuseLinkEarly(records ports.ThrottleRecords, throttle domain.Throttle, client domain.Client, now time.Time) error {
	counters, err := load(records, domain.LinkCountersOf(client.Address))
	if err != nil {
		return err
	}
	_, refusal := throttle.CountLink(counters, now)
	if throttled, ok := errors.AsType[*domain.Throttled](refusal); ok && !throttled.Audited {
		return throttled
	}
	return nil
}
