package steps

import (
	"cmp"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A postbox puts letters into the outbox, in the step in which what they tell of is written.
type Postbox struct {
	MailID ports.NewMailID
	On     bool // letters are sent
}

// notify lets a person know what was done to the password.
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

// post stores the letter with a link that was issued just now.
func (m LinkMaker) Post(records ports.Records, link domain.Link, token domain.LinkToken, now time.Time) error {
	return records.Outbox().Save(domain.NewLinkMail(m.MailID(), link, token, m.Key, now))
}

// MakeRoomForLetter has the outbox take one more letter that somebody has asked for, or a decoy.
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

// CountLink counts for the client's networks that a link was asked for, or that one was wrong.
// The refusal is a [domain.Throttled].
func CountLink(records ports.ThrottleRecords, throttle domain.Throttle, client domain.Client, now time.Time) error {
	counters, err := load(records, domain.LinkCountersOf(client.Address))
	if err != nil {
		return err
	}
	counters, refusal := throttle.CountLink(counters, now)
	return cmp.Or(save(records, counters), refusal)
}

// RefuseLinkEarly refuses what [CountLink] would refuse without a word in the trail. It writes
// nothing.
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
