package system_test

import (
	"encoding/base64"
	"math/bits"
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

// 43 characters of base64url are 256 bits and two that are zero.
func TestLinkTokens(t *testing.T) {
	const tokens = 1000
	next, mailID := system.NewLinkTokens(), system.NewMailIDs()
	seen := map[string]bool{}
	var ones, all int
	for range tokens {
		token := next().Reveal()
		raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
		if err != nil || len(raw) != 32 || seen[token] || seen[string(mailID())] {
			t.Fatalf("the token is %q: want 32 bytes in base64url, another each time", token)
		}
		seen[token] = true
		for _, b := range raw {
			ones, all = ones+bits.OnesCount8(b), all+8
		}
	}
	if share := float64(ones) / float64(all); share < 0.49 || share > 0.51 {
		t.Errorf("%.3f of the bits are ones", share)
	}
}
