package domain_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

var dueNow = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// dueOwner is somebody whose change is due, with a difference.
func dueOwner(change func(*domain.Staff)) domain.Staff {
	staff := domain.Staff{ID: staffNumber(1), Profile: domain.Profile{IsActive: true}, Credentials: domain.Credentials{NeedsReset: true, Version: 7}}
	change(&staff)
	return staff
}

func asIs(*domain.Staff) {}

// A due change is told until it is made, and for ten minutes at most.
func TestWhenADueTokenHolds(t *testing.T) {
	enforced := domain.Policy{EnforcePasswordReset: true, TimeZone: time.UTC}
	announced := enforced
	announced.EnforcePasswordReset = false
	for name, c := range map[string]struct {
		change func(*domain.Staff)
		policy domain.Policy
		after  time.Duration
		want   bool
	}{
		"at once":               {asIs, enforced, 0, true},
		"at the end":            {asIs, enforced, domain.DueLifetime - time.Second, true},
		"too late":              {asIs, enforced, domain.DueLifetime, false},
		"not enforced any more": {asIs, announced, 0, false},
		"not due any more":      {func(s *domain.Staff) { s.Credentials.NeedsReset = false }, enforced, 0, false},
		"another due password":  {func(s *domain.Staff) { s.Credentials.Version++ }, enforced, 0, false},
		"somebody else":         {func(s *domain.Staff) { s.ID = staffNumber(2) }, enforced, 0, false},
		"inactive":              {func(s *domain.Staff) { s.IsActive = false }, enforced, 0, false},
		"left":                  {func(s *domain.Staff) { s.DateLeft = enforced.Today(dueNow) }, enforced, 0, false},
	} {
		due, ok := deviceKey.Due(deviceKey.IssueDue(dueOwner(asIs), dueNow))
		if !ok || due.Staff != staffNumber(1) {
			t.Fatalf("the token is read as %+v, %t", due, ok)
		}
		if got := due.Holds(dueOwner(c.change), c.policy, dueNow.Add(c.after)); got != c.want {
			t.Errorf("%s: it holds: %t, want %t", name, got, c.want)
		}
	}
}

// A token counts as it was issued, and under the key that issued it.
func TestADueTokenCannotBeForged(t *testing.T) {
	good := deviceKey.IssueDue(dueOwner(asIs), dueNow).Reveal()
	parts := strings.Split(good, ".")
	device := strings.Split(deviceKey.Issue(staffNumber(1), domain.DeviceToken{}, deviceOne).Reveal(), ".")
	other := domain.NewDeviceKey(domain.NewSecret("sixteen other bytes!"))
	forged := map[string]string{
		"nothing":        "",
		"another key":    other.IssueDue(dueOwner(asIs), dueNow).Reveal(),
		"device's proof": strings.Join(append(parts[:4:4], device[2]), "."),
		"device token":   strings.Join(device, "."),
		"cut":            good[:len(good)-1],
		"longer":         good + "A",
		"one part more":  good + ".",
		"no proof":       strings.Join(parts[:4], "."),
		"very long":      strings.Repeat(".", 1<<16),
	}
	for n, instead := range []string{"2", string(staffNumber(2)), "8", "99999999999"} {
		changed := append([]string(nil), parts...)
		changed[n] = instead
		forged["another "+instead] = strings.Join(changed, ".")
	}
	for name, text := range forged {
		if due, ok := deviceKey.Due(domain.NewDueToken(text)); ok {
			t.Errorf("%s: it is read as %+v", name, due)
		}
	}
}
