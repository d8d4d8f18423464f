package ports

import (
	"context"

	"gatehouse/domain"
)

// A Mailer writes letters and hands them to a mail server.
type Mailer interface {
	// Send returns nil once the mail server has taken the letter, and is responsible for it.
	// A letter that is sent again is recognizable as the same one. The error is a
	// [domain.ErrMailRefused] if trying again is of no use; it names no address and no link.
	Send(ctx context.Context, letter domain.Letter) error
}
