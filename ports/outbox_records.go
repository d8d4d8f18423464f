package ports

import (
	"time"

	"gatehouse/domain"
)

// OutboxRecords are the letters that wait to be sent. Times come back in UTC, to the millisecond.
type OutboxRecords interface {
	// Save stores the letter under its id, new or not.
	Save(mail domain.Mail) error
	// Remove takes the letter out. A letter that is not there is no error.
	Remove(id domain.MailID) error
	// Due returns the letters that are due at the instant, limit at most. Those that have waited
	// longest come first.
	Due(now time.Time, limit int) ([]domain.Mail, error)
	// Count returns how many letters of the kind wait.
	Count(kind domain.MailKind) (int, error)
	// RemoveOldest takes out the letter of the kind that was made first. It is no error if there
	// is none.
	RemoveOldest(kind domain.MailKind) error
}
