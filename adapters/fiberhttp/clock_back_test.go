package fiberhttp_test

import (
	"testing"
	"time"
)

// The clock of the machine is set back. What was ended stays over, who signs in can work,
// the audit trail goes on in order, and what was issued in the meantime works again once
// its time has come.
func TestTheClockGoesBack(t *testing.T) {
	s := open(t)
	access, refresh := s.signIn(1)
	ended, endedRefresh := s.signIn(2)
	s.send(post(logoutPath, "", bearer(ended)))
	before := s.lastEvent().Sequence

	for _, back := range []time.Duration{time.Hour, 50 * 365 * 24 * time.Hour} {
		s.clock.Advance(-back)
		s.mustWork(ended, false)
		check(t, s.send(post(refreshPath, `{"refresh":"`+endedRefresh+`"}`)), 401, invalid)
		check(t, s.send(get(mePath, bearer(access))), 401, refusedAccess("Token is invalid"))

		now, nowRefresh := s.signIn(1)
		s.mustWork(now, true)
		if a := s.send(post(refreshPath, `{"refresh":"`+nowRefresh+`"}`)); a.status != 200 {
			t.Errorf("who has signed in cannot refresh: %d %s", a.status, a.body)
		}
		after := s.lastEvent().Sequence
		if after <= before {
			t.Errorf("the audit trail has event %d after %d", after, before)
		}
		before = after
		s.clock.Advance(back)
	}
	s.mustWork(access, true)
	s.mustWork(ended, false)
	check(t, s.send(post(refreshPath, `{"refresh":"`+endedRefresh+`"}`)), 401, blacklisted)
	if a := s.send(post(refreshPath, `{"refresh":"`+refresh+`"}`)); a.status != 200 {
		t.Errorf("what was issued before is of no use any more: %d %s", a.status, a.body)
	}
}

// Cookies stay, too: they are good again when the clock has been set right.
func TestTheClockGoesBackUnderCookies(t *testing.T) {
	s := open(t, cookieMode)
	access, refresh := s.signIn(1)
	cookies := "Cookie: access_token=" + access + "; refresh_token=" + refresh
	s.clock.Advance(-time.Hour)
	check(t, s.send(post(refreshPath, "", cookies)), 401, invalid)
	s.clock.Advance(time.Hour)
	if a := s.send(post(refreshPath, "", cookies)); a.status != 200 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}
