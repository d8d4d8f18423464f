package upkeep

import (
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// endEverySession is what is owed to everybody when the store has been put back to an
// earlier state: what they have signed out since must not come back to life. It returns
// how many sessions there were to end.
func endEverySession(records ports.Records, event domain.AuditEvent, now time.Time) (int, error) {
	ended, err := records.Sessions().EndEvery(domain.EndRestored, now)
	if err != nil {
		return 0, err
	}
	return ended, records.Audit().Append(event.Decided(nil))
}
