package application

import (
	"context"
	"sync"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Refusals keep those who show old tokens and links from growing the audit trail, and from
// having anything written each time. The use cases share them, concurrently.
type Refusals struct {
	mu    sync.Mutex
	count domain.Refusals
}

// NewRefusals makes them. Nothing was refused yet.
func NewRefusals() *Refusals { return &Refusals{} }

// A verdict is what was decided about a token or a link.
type Verdict struct {
	Event domain.AuditEvent
	// change writes what the verdict changes beside the trail; nil: nothing.
	Change func() error
}

// A showing is a token or a link that somebody shows.
type Showing struct {
	Origin domain.RefusalOrigin
	Policy domain.Policy
	Now    time.Time
}

// Shown is a showing of a token with genuine claims.
func Shown(claims domain.Claims, client domain.Client, policy domain.Policy, now time.Time) Showing {
	owner, _ := claims.StaffID() // "" if it names nobody
	if claims.SharedSecret {
		owner = "" // whoever knows the secret can make people up
	}
	what := string(claims.Session)
	if what == "" {
		what = "token:" + string(claims.ID)
	}
	return Showing{domain.RefusalOriginOf(domain.AccountKey(owner), what, client.Address), policy, now}
}

// settle does what the function of that name does, for what only reads before it is decided. A
// refusal that changes nothing is written now and then. In between nothing is written, and beyond
// a budget it becomes a [domain.Throttled].
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

// refusedWithoutChange returns the refusal, if there is one and it changes nothing.
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

// write decides in one durable step together with the audit event, if there is to be one.
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

// leaveOut returns the refusal, or whoever shows it again has to wait.
func (r *Refusals) leaveOut(s Showing, refusal error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if throttled := r.count.LeaveOut(s.Origin, s.Now); throttled != nil && s.Policy.Throttle.On {
		return throttled
	}
	return refusal
}
