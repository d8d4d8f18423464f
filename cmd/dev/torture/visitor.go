package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
)

// A visitor is one client that acts for some people, and writes down every reply.
type visitor struct {
	*caller
	tally  *tally
	people []*person
	random *rand.Rand
	// acknowledged are the replies since the last check.
	acknowledged []acknowledgement
}

// errUnanswered: the server is gone, or this client gives up.
var errUnanswered = errors.New("no answer")

// note takes what has come back of a request. It returns errUnanswered where nobody knows
// what has happened, and false where nothing has.
func (v *visitor) note(k kind, p *person, a answer, err error, wanted int) (bool, error) {
	if err != nil {
		v.tally.noAnswer()
		return false, errUnanswered
	}
	switch a.status {
	case wanted:
		v.tally.acknowledge(k)
		return true, nil
	case http.StatusServiceUnavailable:
		v.tally.refuse()
		v.tally.check(a.retryAfter != "", "%s of %s: 503 without Retry-After", k, p.email)
		v.tally.check(k != kindMe && k != kindList, "%s of %s: 503, although nothing is written", k, p.email)
		return false, nil
	}
	v.tally.check(false, "%s of %s: status %d where %d is due: %.200s", k, p.email, a.status, wanted, a.body)
	return false, nil
}

func (v *visitor) wrote(k kind, p *person, sid string, a answer, event, outcome string) {
	v.acknowledged = append(v.acknowledged, acknowledgement{k, a.requestID, event, outcome, p.id, sid})
}

const (
	success = "success"
	failure = "failure"
)

func (v *visitor) signIn(ctx context.Context, p *person) error {
	a, err := v.post(ctx, pathToken, map[string]string{"username": p.email, "password": p.password})
	done, err := v.note(kindSignIn, p, a, err, http.StatusOK)
	if !done {
		return err
	}
	tokens, sid, generation, err := pairOf(a)
	v.tally.check(err == nil && generation == 1, "sign-in of %s: generation %d, %v", p.email, generation, err)
	p.sessions = append(p.sessions, &session{id: sid, owner: p, access: tokens.Access, refresh: tokens.Refresh, generation: generation})
	v.wrote(kindSignIn, p, sid, a, "sign_in", success)
	return nil
}

// signInWith tries a password that must not work.
func (v *visitor) signInWith(ctx context.Context, p *person, wrong string) error {
	a, err := v.post(ctx, pathToken, map[string]string{"username": p.email, "password": wrong})
	done, err := v.note(kindWrong, p, a, err, http.StatusUnauthorized)
	if done {
		v.wrote(kindWrong, p, "", a, "sign_in", failure)
	}
	return err
}

func (v *visitor) refresh(ctx context.Context, s *session) error {
	s.maybeRotated = true
	a, err := v.post(ctx, pathRefresh, map[string]string{"refresh": s.refresh})
	done, err := v.note(kindRefresh, s.owner, a, err, http.StatusOK)
	if err != nil {
		return err
	}
	s.maybeRotated = false
	if done {
		v.wrote(kindRefresh, s.owner, s.id, a, "token_refresh", success)
		v.advance(s, a)
	}
	return nil
}

// advance takes the successor of the session's refresh token.
func (v *visitor) advance(s *session, a answer) {
	tokens, sid, generation, err := pairOf(a)
	v.tally.check(err == nil && sid == s.id && generation == s.generation+1,
		"refresh of session %s: generation %d of session %s where %d is due, %v", s.id, generation, sid, s.generation+1, err)
	s.older, s.previous, s.refresh = s.previous, s.refresh, tokens.Refresh
	s.access, s.generation = tokens.Access, generation
}

// racers is how many present one token at the same time.
const racers = 3

// race presents one token several times at once: every answer is the same successor.
func (v *visitor) race(ctx context.Context, s *session) error {
	s.maybeRotated = true
	type reply struct {
		answer
		err error
	}
	replies := make(chan reply, racers)
	for range racers {
		go func() {
			a, err := v.post(ctx, pathRefresh, map[string]string{"refresh": s.refresh})
			replies <- reply{a, err}
		}()
	}
	var answers []answer
	var unanswered error
	for range racers {
		r := <-replies
		done, err := v.note(kindRace, s.owner, r.answer, r.err, http.StatusOK)
		unanswered = errors.Join(unanswered, err)
		if done {
			v.wrote(kindRace, s.owner, s.id, r.answer, "token_refresh", success)
			answers = append(answers, r.answer)
		}
	}
	s.maybeRotated = unanswered != nil
	v.settleRace(s, answers)
	return unanswered
}

func (v *visitor) settleRace(s *session, answers []answer) {
	var successors []string
	for _, a := range answers {
		tokens, _, _, _ := pairOf(a)
		successors = append(successors, tokens.Refresh)
	}
	if len(answers) == 0 {
		return
	}
	slices.Sort(successors)
	v.tally.check(len(slices.Compact(successors)) == 1, "racing refreshes of session %s gave different successors", s.id)
	s.maybeRotated = false
	v.advance(s, answers[0])
}

// replay presents a token that was replaced long ago, which ends the session.
func (v *visitor) replay(ctx context.Context, s *session) error {
	return v.end(kindReplay, s, "token_refresh", failure, http.StatusUnauthorized, func() (answer, error) {
		return v.post(ctx, pathRefresh, map[string]string{"refresh": s.older})
	})
}

func (v *visitor) logout(ctx context.Context, s *session) error {
	return v.end(kindLogout, s, "sign_out", success, http.StatusOK, func() (answer, error) {
		return v.post(ctx, pathLogout, map[string]string{"refresh": s.refresh})
	})
}

func (v *visitor) blacklist(ctx context.Context, s *session) error {
	return v.end(kindBlacklist, s, "token_blacklist", success, http.StatusOK, func() (answer, error) {
		return v.post(ctx, pathBlacklist, map[string]string{"refresh": s.refresh})
	})
}

func (v *visitor) revoke(ctx context.Context, s *session) error {
	return v.end(kindRevoke, s, "session_end", success, http.StatusOK, func() (answer, error) {
		return v.call(ctx, http.MethodDelete, pathSessions+s.id+"/", s.access, nil)
	})
}

func (v *visitor) end(k kind, s *session, event, outcome string, wanted int, ask func() (answer, error)) error {
	s.maybeEnded = true
	a, err := ask()
	done, err := v.note(k, s.owner, a, err, wanted)
	if err != nil {
		return err
	}
	s.maybeEnded = false
	if done {
		s.ended = true
		v.wrote(k, s.owner, s.id, a, event, outcome)
	}
	return nil
}

func (v *visitor) changePassword(ctx context.Context, p *person) error {
	p.next = fmt.Sprintf("wet socks over the mill %d", p.version+1)
	for _, s := range p.running() {
		s.maybeEnded = true
	}
	a, err := v.post(ctx, pathPassword, map[string]string{
		"username": p.email, "old_password": p.password, "new_password": p.next})
	done, err := v.note(kindPassword, p, a, err, http.StatusOK)
	if err != nil {
		return err
	}
	for _, s := range p.running() {
		s.maybeEnded, s.ended = false, done
	}
	if done {
		p.password = p.next
		p.version++
		v.wrote(kindPassword, p, "", a, "password_change", success)
	}
	p.next = ""
	return nil
}

func (v *visitor) me(ctx context.Context, s *session) error {
	a, err := v.get(ctx, pathMe, s.access)
	_, err = v.note(kindMe, s.owner, a, err, http.StatusOK)
	return err
}

// list looks at the person's sessions: all that run, and none that is over.
func (v *visitor) list(ctx context.Context, s *session) error {
	a, err := v.get(ctx, pathSessions, s.access)
	done, err := v.note(kindList, s.owner, a, err, http.StatusOK)
	if !done {
		return err
	}
	var listed []struct{ ID string }
	if err := json.Unmarshal(a.body, &listed); err != nil {
		return err
	}
	there := map[string]bool{}
	for _, l := range listed {
		there[l.ID] = true
	}
	for _, known := range s.owner.sessions {
		v.tally.check(there[known.id] == !known.ended, "session %s of %s: listed is %t, ended is %t",
			known.id, s.owner.email, there[known.id], known.ended)
	}
	return nil
}

// refused presents the tokens of a session that is over.
func (v *visitor) refused(ctx context.Context, s *session) error {
	a, err := v.post(ctx, pathRefresh, map[string]string{"refresh": s.refresh})
	if err != nil || a.status == http.StatusServiceUnavailable {
		return err
	}
	v.tally.check(a.status == http.StatusUnauthorized, "session %s is over, and its refresh token is answered %d", s.id, a.status)
	a, err = v.get(ctx, pathMe, s.access)
	v.tally.check(err != nil || a.status == http.StatusUnauthorized, "session %s is over, and its access token is answered %d", s.id, a.status)
	return err
}
