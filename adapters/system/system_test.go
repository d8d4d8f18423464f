package system_test

import (
	"regexp"
	"testing"
	"time"

	"gatehouse/adapters/system"
	"gatehouse/domain"
)

func TestIdentifiers(t *testing.T) {
	hex32 := regexp.MustCompile(`^[0-9a-f]{32}$`)
	uuid4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	session, token, staff := system.NewSessionIDs(), system.NewTokenIDs(), system.NewStaffIDs()
	seen := map[string]bool{}
	for range 1000 {
		s, k, p := string(session()), string(token()), string(staff())
		if !hex32.MatchString(s) || !hex32.MatchString(k) {
			t.Fatalf("ids %q, %q: want 32 lower-case hex digits", s, k)
		}
		if _, err := domain.ParseStaffID(p); err != nil || !uuid4.MatchString(p) {
			t.Fatalf("staff id %q: want a version 4 UUID", p)
		}
		for _, id := range []string{s, k, p} {
			if seen[id] {
				t.Fatalf("id %q came twice", id)
			}
			seen[id] = true
		}
	}
}

func TestClockIsUTCInMilliseconds(t *testing.T) {
	before := time.Now().Add(-time.Millisecond)
	now := system.NewClock()()
	if now.Location() != time.UTC || now.Nanosecond()%int(time.Millisecond) != 0 {
		t.Errorf("clock gives %v: want UTC in whole milliseconds", now)
	}
	if now.Before(before) || now.After(time.Now()) {
		t.Errorf("clock gives %v: want the present", now)
	}
}
