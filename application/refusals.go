package application

import (
	"context"
	"sync"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Refusals limit how often the refusal of a token or link is written. Otherwise a client that presents an
// old one again and again would fill the audit trail. All use cases share one Refusals. Concurrent use is
// safe. The counts are in memory only, so a restart resets them.
type Refusals struct {
	mu    sync.Mutex
	count domain.Refusals
}

// NewRefusals returns Refusals that have counted nothing.
func NewRefusals() *Refusals { return &Refusals{} }

// A Verdict is the decision about a token or a link.
type Verdict struct {
	Event domain.AuditEvent
	// Change writes to the records. It is nil if the verdict changes nothing but the audit trail.
	Change func() error
}

// A Showing says that somebody presents a token or a link. Repeated ones are counted by Origin.
type Showing struct {
	Origin domain.RefusalOrigin
	Policy domain.Policy
	Now    time.Time
}

// Shown returns the showing of a token with these claims. The claims must be of a genuine token.
func Shown(claims domain.Claims, client domain.Client, policy domain.Policy, now time.Time) Showing {
	owner, _ := claims.StaffID() // "" if the token has no valid owner
	if claims.SharedSecret {
		owner = "" // the shared secret is enough to make up any owner, so the owner is not counted
	}
	what := string(claims.Session)
	if what == "" {
		what = "token:" + string(claims.ID)
	}
	return Showing{domain.RefusalOriginOf(domain.AccountKey(owner), what, client.Address), policy, now}
}

// Settle runs decide and writes its verdict together with the audit event. It returns the refusal that
// decide returned. Decide must only read.
//
// A refusal that changes nothing is written now and then, with the number left out since; see
// [domain.Refusals]. In between nothing is written. Beyond a budget the client gets a [domain.Throttled]
// instead of the refusal.
func (r *Refusals) Settle(ctx context.Context, store ports.Store, s Showing, decide func(ports.Records) (Verdict, error)) error {
	if r.quiet(s) {
		refused, err := refusedWithoutChange(ctx, store, decide)
		if err != nil {
			return err
		}
		if refused != nil {
			return r.leaveOut(s, refused)
		}
	}
	return r.write(ctx, store, s, decide)
}

// refusedWithoutChange returns the refusal if decide refuses and changes nothing, and nil otherwise.
func refusedWithoutChange(ctx context.Context, store ports.Store, decide func(ports.Records) (Verdict, error)) (refused, err error) {
	err = store.View(ctx, func(records ports.Records) error {
		v, err := decide(records)
		if err != nil && !domain.IsRefusal(err) {
			return err
		}
		if v.Change == nil {
			refused = err
		}
		return nil
	})
	return refused, err
}

// write decides in an update, and appends the audit event unless it is left out.
func (r *Refusals) write(ctx context.Context, store ports.Store, s Showing, decide func(ports.Records) (Verdict, error)) error {
	var refusal error
	told, leftOut := false, 0
	err := store.Update(ctx, func(records ports.Records) error {
		v, err := decide(records)
		if err != nil && !domain.IsRefusal(err) {
			return err
		}
		refusal = err
		event := v.Event.Decided(err)
		switch {
		case v.Change != nil:
			if err := v.Change(); err != nil {
				return err
			}
		case refusal != nil:
			if leftOut, told = r.tell(s); !told {
				return nil
			}
			event.Reason = event.Reason.LeavingOut(leftOut)
		}
		return records.Audit().Append(event)
	})
	if err != nil && told {
		r.untell(s, leftOut)
	}
	if err != nil {
		return err
	}
	return refusal
}

func (r *Refusals) quiet(s Showing) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count.Quiet(s.Origin, s.Now)
}

func (r *Refusals) tell(s Showing) (leftOut int, told bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count.Tell(s.Origin, s.Now)
}

func (r *Refusals) untell(s Showing, leftOut int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count.Untell(s.Origin, leftOut, s.Now)
}

// leaveOut counts a refusal that is not written. It returns a [domain.Throttled] beyond the budget, and
// the refusal otherwise.
func (r *Refusals) leaveOut(s Showing, refusal error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if throttled := r.count.LeaveOut(s.Origin, s.Now); throttled != nil && s.Policy.Throttle.On {
		return throttled
	}
	return refusal
}
