package main

import (
	"context"
	"slices"
)

// confirmations is how many sessions of each visitor are tried over HTTP after a restart;
// the next load tries the others.
const confirmations = 2

// changesConfirmed: one confirmation in so many ends with a change of a password, which is
// answered then however slow the machine is, and must outlive the next kill.
const changesConfirmed = 60

// confirm tries over HTTP what the database says. Everything is tried if all is true.
func (v *visitor) confirm(ctx context.Context, all bool) error {
	var running, over []*session
	for _, p := range v.people {
		for _, s := range p.sessions {
			if s.ended {
				over = append(over, s)
			} else {
				running = append(running, s)
			}
		}
		if err := v.confirmPassword(ctx, p, all); err != nil {
			return err
		}
	}
	v.shuffle(running)
	v.shuffle(over)
	if !all {
		running, over = running[:min(len(running), confirmations)], over[:min(len(over), confirmations)]
	}
	for _, s := range running {
		if err := v.refresh(ctx, s); err != nil {
			return err
		}
	}
	for _, s := range over {
		if err := v.refused(ctx, s); err != nil {
			return err
		}
	}
	v.forget()
	if !all && v.random.IntN(changesConfirmed) == 0 {
		return v.changePassword(ctx, v.someone())
	}
	return nil
}

func (v *visitor) shuffle(sessions []*session) {
	v.random.Shuffle(len(sessions), func(i, k int) { sessions[i], sessions[k] = sessions[k], sessions[i] })
}

// confirmPassword signs in with a password that is new, and sometimes tries the old one.
func (v *visitor) confirmPassword(ctx context.Context, p *person, all bool) error {
	if !all && p.signedInWith == p.password {
		return nil
	}
	old := p.signedInWith
	p.signedInWith = p.password
	if err := v.signIn(ctx, p); err != nil {
		return err
	}
	if old == "" || old == p.password || v.random.IntN(4) > 0 {
		return nil
	}
	return v.signInWith(ctx, p, old)
}

// forget drops sessions that are over.
func (v *visitor) forget() {
	for _, p := range v.people {
		p.sessions = slices.DeleteFunc(p.sessions, func(s *session) bool { return s.ended && s.confirmed })
		for _, s := range p.sessions {
			s.confirmed = s.ended
		}
	}
}
