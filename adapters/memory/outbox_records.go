package memory

import (
	"cmp"
	"slices"
	"time"

	"gatehouse/domain"
)

type outboxRecords struct{ *records }

func (r outboxRecords) Save(mail domain.Mail) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.outbox[mail.ID] = stored(mail)
	return nil
}

func (r outboxRecords) Remove(id domain.MailID) error {
	if err := r.writable(); err != nil {
		return err
	}
	delete(r.state.outbox, id)
	return nil
}

func (r outboxRecords) Due(now time.Time, limit int) (due []domain.Mail, err error) {
	for _, mail := range r.state.outbox {
		if !mail.DueAt.After(now) {
			due = append(due, mail)
		}
	}
	slices.SortFunc(due, func(a, b domain.Mail) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return due[:min(limit, len(due))], nil
}

func (r outboxRecords) Count(kind domain.MailKind) (int, error) { return len(r.of(kind)), nil }

func (r outboxRecords) RemoveOldest(kind domain.MailKind) error {
	if err := r.writable(); err != nil {
		return err
	}
	if found := r.of(kind); len(found) > 0 {
		oldest := slices.MinFunc(found, func(a, b domain.Mail) int {
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
		})
		delete(r.state.outbox, oldest.ID)
	}
	return nil
}

func (r outboxRecords) of(kind domain.MailKind) (found []domain.Mail) {
	for _, mail := range r.state.outbox {
		if mail.Kind == kind {
			found = append(found, mail)
		}
	}
	return found
}
