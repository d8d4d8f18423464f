package application

import (
	"cmp"
	"errors"
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

// takeOneMore has the outbox take one more letter that somebody has asked for, or a decoy.
func takeOneMore(outbox ports.OutboxRecords) error {
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

// countLink counts for the client's networks that a link was asked for, or that one was wrong.
// The refusal is a [domain.Throttled].
func countLink(records ports.ThrottleRecords, throttle domain.Throttle, client domain.Client, now time.Time) error {
	counters, err := load(records, domain.LinkCountersOf(client.Address))
	if err != nil {
		return err
	}
	counters, refusal := throttle.CountLink(counters, now)
	return cmp.Or(save(records, counters), refusal)
}

// refuseLinkEarly refuses what [countLink] would refuse without a word in the trail. It writes
// nothing.
func refuseLinkEarly(records ports.ThrottleRecords, throttle domain.Throttle, client domain.Client, now time.Time) error {
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
