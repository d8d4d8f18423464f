package cli

import (
	"context"
	"fmt"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Root's backup may leave an empty file, which keeps the next one from having the name. It is told
// whatever the backup has failed of.
func TestAFileThatIsLeftIsTold(t *testing.T) {
	left := &ports.LeftFile{Path: "/srv/copy.db"}
	const told = "the empty file /srv/copy.db is left, because the account of the service may not remove it: remove it"
	for _, test := range []struct {
		cause error
		want  string
	}{
		{context.Canceled, "interrupted; " + told},
		{fmt.Errorf("%w: a page is damaged", domain.ErrBackupRefused), "a page is damaged; " + told + ": nothing has been changed"},
	} {
		if got := explain(fmt.Errorf("%w; %w", test.cause, left), "").Error(); got != test.want {
			t.Errorf("%v: %q, want %q", test.cause, got, test.want)
		}
	}
}
