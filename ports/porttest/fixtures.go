package porttest

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Noon is when the fixtures' world begins.
var Noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// A Clock is set by hand. It may be used concurrently.
type Clock struct{ offset atomic.Int64 }

// Now is the clock's [ports.Clock].
func (c *Clock) Now() time.Time { return Noon.Add(time.Duration(c.offset.Load())) }

// Advance moves the clock.
func (c *Clock) Advance(by time.Duration) { c.offset.Add(int64(by)) }

// SessionIDs, TokenIDs and StaffIDs count from one.
func SessionIDs() ports.NewSessionID {
	next := count()
	return func() domain.SessionID { return domain.SessionID(fmt.Sprintf("%032x", next())) }
}

// TokenIDs returns ids that no [SessionIDs] gives.
func TokenIDs() ports.NewTokenID {
	next := count()
	return func() domain.TokenID { return domain.TokenID(fmt.Sprintf("f%031x", next())) }
}

// DeviceIDs count from one.
func DeviceIDs() ports.NewDeviceID {
	next := count()
	return func() domain.DeviceID { return domain.DeviceID(fmt.Sprintf("%032x", next())) }
}

// MailIDs count from one.
func MailIDs() ports.NewMailID {
	next := count()
	return func() domain.MailID { return domain.MailID(fmt.Sprintf("%032x", next())) }
}

// LinkTokens count from one too.
func LinkTokens() ports.NewLinkToken {
	next := count()
	return func() domain.LinkToken { return domain.NewLinkToken(fmt.Sprintf("link%039d", next())) }
}

// StaffIDs returns the ids of [Person] 1, 2, and so on.
func StaffIDs() ports.NewStaffID {
	next := count()
	return func() domain.StaffID { return staffID(int(next())) }
}

func count() func() int64 {
	var n atomic.Int64
	return func() int64 { return n.Add(1) }
}

func staffID(n int) domain.StaffID {
	return domain.StaffID(fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
}

// Policy is the default one, in a time zone that is far from UTC.
func Policy() domain.Policy {
	return domain.Policy{
		AccessLifetime:          15 * time.Minute,
		SessionLifetime:         30 * 24 * time.Hour,
		AcceptDjangoTokensUntil: Noon.AddDate(0, 1, 0),
		EnforcePasswordReset:    true,
		PasswordMinLength:       15,
		Rotation:                domain.RotateNever,
		RefreshGrace:            10 * time.Second,
		RenewAccess:             true,
		MaxSessions:             20,
		Throttle: domain.Throttle{
			On:           true,
			FreeFailures: 5, FirstDelay: 2 * time.Second, MaxDelay: 15 * time.Minute, DelayReset: 24 * time.Hour,
			DeviceBudget: 20, AccountBudget: 100, AccountReset: 30 * 24 * time.Hour,
			NetworkBudget: 100, NetworkWindow: 15 * time.Minute, DevicesByAddress: true,
		},
		Links:    domain.LinkPolicy{Mail: true, ResetLifetime: 10 * time.Minute, InvitationLifetime: 24 * time.Hour},
		TimeZone: time.FixedZone("NZDT", 13*60*60),
	}
}

// Person returns an active account with the address person<n>@example.test and an
// unusable password.
func Person(n int) domain.Staff {
	staff, err := domain.NewStaff(staffID(n), domain.Profile{
		Email:           domain.Email(fmt.Sprintf("Person%d@example.test", n)),
		FirstName:       "Tāne",
		LastName:        fmt.Sprintf("Number %d", n),
		IsActive:        true,
		IsWorkshopStaff: true,
	}, Noon)
	if err != nil {
		panic(err) // the fixture is wrong
	}
	return staff
}

// EachColumn calls use with each column of a profile, named as in the shop's Django, and with two states of
// Person(1) that differ in that column alone. A new field of [domain.Profile] is among them without being
// listed. So tests can ask whether its value is told everywhere.
func EachColumn(use func(column string, one, other domain.Staff)) {
	one := Person(1)
	one.PreferredName, one.HasPreferredName = "Tāne", true // without which it is not told
	for i := range reflect.TypeFor[domain.Profile]().NumField() {
		other := one
		field := leaves(&other.Profile)[i]
		if field.path == ".HasPreferredName" { // which is no column
			continue
		}
		if field.set(1); field.path == ".Email" {
			other.Email = "other@example.test"
		}
		capitals := regexp.MustCompile(`\B[A-Z]`)
		use(strings.ToLower(capitals.ReplaceAllString(field.path[1:], "_$0")), one, other)
	}
}

// Client is somebody at an address for documentation.
func Client() domain.Client {
	return domain.Client{
		Address:   netip.MustParseAddr("192.0.2.7"),
		UserAgent: "test/1.0",
		RequestID: "request-1",
	}
}

// Operator is somebody who runs a command.
func Operator() domain.Client {
	client := Client()
	client.Actor = domain.Operator("mia")
	return client
}

// Session returns a running session of the person, with the n-th id.
func Session(n int, staff domain.Staff) domain.Session {
	id := domain.SessionID(fmt.Sprintf("%032x", n))
	session := domain.NewSession(id, staff.ID, domain.CarrierBody, Client(), Policy(), Noon)
	session.Rotate(domain.TokenID(fmt.Sprintf("f%031x", n)), Noon)
	return session
}
