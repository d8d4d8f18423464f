package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// How far the clock jumps.
const (
	anHourBack         = -time.Hour
	aDayForward        = 24 * time.Hour
	onTime             = time.Duration(0)
	tokenIsInvalid     = "Token is invalid"
	tokenIsBlacklisted = "Token is blacklisted"
)

// A clockTrial is a server whose clock jumps, and some people.
type clockTrial struct {
	*visitor
	server *server
}

// clockJumps puts the clock of a server back an hour and forward a day. Answers must be
// those of a correct service with such a clock, and no session may have ended when the
// clock is right again.
func clockJumps(ctx context.Context, h *house, t *tally) error {
	s, err := h.start(ctx)
	if err != nil {
		return err
	}
	defer s.Kill()
	c := &clockTrial{&visitor{caller: newCaller(s.URL), tally: t, random: rand.New(rand.NewPCG(0, 0))}, s}
	defer c.close()
	for n := range 6 {
		c.people = append(c.people, newPerson(n))
	}
	for _, part := range []func(context.Context) error{c.back, c.forward} {
		if err := part(ctx); err != nil {
			return fmt.Errorf("with a clock that jumps: %w", err)
		}
	}
	t.check(s.Alive(), "with a clock that jumps the process has ended: %s", s.Stderr.Tail())
	return nil
}

// set puts the clock so far off.
func (c *clockTrial) set(off time.Duration) error {
	return c.server.tell(off.String())
}

// opened signs a person in and refreshes once.
func (c *clockTrial) opened(ctx context.Context, p *person) (*session, error) {
	if err := c.signIn(ctx, p); err != nil {
		return nil, err
	}
	if len(p.sessions) == 0 {
		return nil, fmt.Errorf("%s could not sign in", p.email)
	}
	s := p.sessions[len(p.sessions)-1]
	return s, c.refresh(ctx, s)
}

// works uses everything that a session has.
func (c *clockTrial) works(ctx context.Context, sessions ...*session) error {
	for _, s := range sessions {
		for _, use := range []func(context.Context, *session) error{c.refresh, c.me, c.list, c.refresh} {
			if err := use(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// back is an hour back. What was issued before it is from the future, and is refused as
// such, but signs out; whoever signs in then goes on, also later.
func (c *clockTrial) back(ctx context.Context) error {
	before, err := c.opened(ctx, c.people[0])
	if err != nil {
		return err
	}
	leaving, err := c.opened(ctx, c.people[1])
	if err != nil {
		return err
	}
	if err := c.changePassword(ctx, c.people[2]); err != nil {
		return err
	}
	if err := c.set(anHourBack); err != nil {
		return err
	}
	if err := c.refusesToRefresh(ctx, before, tokenIsInvalid); err != nil {
		return err
	}
	if err := c.refusesAccess(ctx, before); err != nil {
		return err
	}
	if err := c.logout(ctx, leaving); err != nil {
		return err
	}
	meanwhile, err := c.opened(ctx, c.people[0])
	if err != nil {
		return err
	}
	renewed, err := c.opened(ctx, c.people[2])
	if err != nil {
		return err
	}
	if err := c.works(ctx, meanwhile, renewed); err != nil {
		return err
	}
	if err := c.set(onTime); err != nil {
		return err
	}
	if err := c.me(ctx, before); err != nil {
		return err
	}
	if err := c.refusesToRefresh(ctx, leaving, tokenIsBlacklisted); err != nil {
		return err
	}
	return c.works(ctx, before, meanwhile, renewed)
}

// forward is a day forward: access tokens have expired then, and are renewed. What was
// issued meanwhile is from the future when the clock is right again, and good once more
// when its time has come.
func (c *clockTrial) forward(ctx context.Context) error {
	used, err := c.opened(ctx, c.people[3])
	if err != nil {
		return err
	}
	kept, err := c.opened(ctx, c.people[4])
	if err != nil {
		return err
	}
	if err := c.set(aDayForward); err != nil {
		return err
	}
	if err := c.refusesAccess(ctx, used); err != nil {
		return err
	}
	if err := c.refresh(ctx, used); err != nil {
		return err
	}
	early, err := c.opened(ctx, c.people[5])
	if err != nil {
		return err
	}
	if err := c.works(ctx, used, early); err != nil {
		return err
	}
	if err := c.set(onTime); err != nil {
		return err
	}
	if err := c.works(ctx, kept); err != nil {
		return err
	}
	for _, s := range []*session{used, early} {
		if err := c.refusesToRefresh(ctx, s, tokenIsInvalid); err != nil {
			return err
		}
	}
	if err := c.set(aDayForward); err != nil {
		return err
	}
	return c.works(ctx, used, early)
}

func (c *clockTrial) refusesToRefresh(ctx context.Context, s *session, detail string) error {
	a, err := c.post(ctx, pathRefresh, map[string]string{"refresh": s.refresh})
	if err != nil {
		return err
	}
	c.tally.check(a.status == http.StatusUnauthorized && strings.Contains(string(a.body), detail),
		"refreshing with a clock that has jumped: %d %s, where %q is due", a.status, a.body, detail)
	return nil
}

func (c *clockTrial) refusesAccess(ctx context.Context, s *session) error {
	a, err := c.get(ctx, pathMe, s.access)
	if err != nil {
		return err
	}
	c.tally.check(a.status == http.StatusUnauthorized, "me with a clock that has jumped: %d %s", a.status, a.body)
	return nil
}
