package ports

import (
	"context"

	"gatehouse/domain"
)

// A Mailer writes letters and hands them to a mail server.
type Mailer interface {
	// Send returns nil once the mail server has taken the letter and is responsible for it. A
	// letter that is sent twice has the same message id both times.
	//
	// Errors: [domain.ErrMailRefused] if trying again is of no use. No error names an address or
	// a link.
	Send(ctx context.Context, letter domain.Letter) error
}
