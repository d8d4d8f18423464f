package main

import "context"

// sessionsEach is how many sessions a client keeps for one person.
const sessionsEach = 3

// work does one thing after another, at random, until there is no answer or over is closed.
// One in so many begins with a change of a password.
func (v *visitor) work(ctx context.Context, changes int, over <-chan struct{}) {
	if v.random.IntN(changes) == 0 {
		if err := v.changePassword(ctx, v.someone()); err != nil {
			return
		}
	}
	for {
		select {
		case <-over:
			return
		default:
		}
		if err := v.act(ctx); err != nil {
			return
		}
	}
}

func (v *visitor) someone() *person { return v.people[v.random.IntN(len(v.people))] }

// act does one thing for one person. What costs a hash is rare, so that the rest is not.
func (v *visitor) act(ctx context.Context) error {
	p := v.someone()
	running := p.running()
	if len(running) == 0 || len(running) < sessionsEach && v.random.IntN(20) == 0 {
		return v.signIn(ctx, p)
	}
	s := running[v.random.IntN(len(running))]
	switch n := v.random.IntN(1000); {
	case n < 2:
		return v.changePassword(ctx, p)
	case n < 4:
		return v.signInWith(ctx, p, "not "+p.password)
	case n < 14:
		return v.logout(ctx, s)
	case n < 24:
		return v.blacklist(ctx, s)
	case n < 34:
		return v.revoke(ctx, s)
	case n < 46 && s.older != "":
		return v.replay(ctx, s)
	case n < 180:
		return v.race(ctx, s)
	case n < 260:
		return v.me(ctx, s)
	case n < 300:
		return v.list(ctx, s)
	}
	return v.refresh(ctx, s)
}
