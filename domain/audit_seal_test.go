package domain_test

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

var auditKey = domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))

// counting is a seal of the bytes 0 to 31.
func counting() (seal domain.Seal) {
	for i := range seal {
		seal[i] = byte(i)
	}
	return seal
}

var sealedAt = time.Date(2026, time.March, 2, 12, 0, 0, 7e6, time.UTC)

func fullEvent() domain.AuditEvent {
	return domain.AuditEvent{
		Sequence: 1, At: sealedAt,
		Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: domain.ReasonReplayed,
		StaffID: "00000000-0000-4000-8000-000000000001", Subject: "abcd", Session: "00000000000000000000000000000001",
		Client: domain.Client{
			Address: netip.MustParseAddr("2001:db8::7"), UserAgent: "test/1.0", RequestID: "request-1", Actor: domain.Actor{Name: "root"},
		},
		PreviousAddress: netip.MustParseAddr("192.0.2.7"),
	}
}

func byColleague() domain.AuditEvent {
	event := fullEvent()
	event.Client.Actor = domain.Actor{Kind: domain.ActorOffice, Staff: "00000000-0000-4000-8000-000000000009"}
	return event
}

// An event that names the kind of its actor never had a seal of an earlier form: neither an earlier
// version's nor today's without the kind.
func TestActorsCannotBePutInOrTakenOut(t *testing.T) {
	named, bare := byColleague(), byColleague()
	bare.Client.Actor = domain.Actor{}
	for name, test := range map[string]struct{ written, read domain.AuditEvent }{
		"taken out": {named, bare}, "put in": {bare, named},
	} {
		check, err := domain.NewTrailCheck(auditKey, domain.AuditCheckpoint{})
		if err != nil {
			t.Fatal(err)
		}
		sealed := domain.SealedEvent{AuditEvent: test.read, Seal: auditKey.Seal(domain.AuditMark{}, test.written)}
		if err := check.Next(sealed); !errors.Is(err, domain.ErrTrailBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	before, _ := domain.ParseSeal("2fac6fdc63646e98a2b7c821e46fb17fa9c54c9cb27ddf3b966b12da5fabb3cc") // "… event 1", without the kind
	if !auditKey.SealedBefore(domain.AuditMark{}, domain.SealedEvent{AuditEvent: bare, Seal: before}) {
		t.Error("the seal is not that of an earlier version")
	}
	if auditKey.SealedBefore(domain.AuditMark{}, domain.SealedEvent{AuditEvent: named, Seal: before}) {
		t.Error("an actor was put into an event of an earlier version")
	}
}

// The seals are stored for years, so what they are made of is fixed. The expected ones come
// from Python:
//
//	number = lambda n: struct.pack(">q", n)
//	text = lambda s: struct.pack(">I", len(s)) + s.encode()
//	hmac.new(b"sixteen bytes or more",
//	    b"gatehouse audit event 2" + previous seal + number(sequence) + number(ms since 1970) +
//	    b"".join(map(text, [kind, outcome, reason, staff, subject, session, user agent,
//	                        request, operator, address, previous address])), "sha256")
//
// An event with a kind of actor begins with "… event 3", and ends with the texts of the kind and the
// colleague's id.
func TestSeal(t *testing.T) {
	for name, test := range map[string]struct {
		previous domain.AuditMark
		event    domain.AuditEvent
		want     string
		before   string // of versions that did not sign the end: "… event 1" in place of 2
	}{
		"first, full": {
			domain.AuditMark{}, fullEvent(),
			"1b36dbc1c4b806530a54001a90c26a315e143d68a4c40e45472fa4c094b432fc",
			"cc06a7ccdb7f3e3be4cbcd8333673436c768e23807f3316b9acd151e35a0058e",
		},
		"later, bare, before 1970": {
			domain.AuditMark{Sequence: 41, Seal: counting()},
			domain.AuditEvent{Sequence: 42, At: time.UnixMilli(-1)},
			"b50150ab5f7266e96bb3ed27e6d693a843e9c91877f4c0b444d7562429a0ceb5",
			"ab6f6b49678209be2d9d0bbb6716cc77c8240c55952561eaa239ddb53eb0257d",
		},
		"by a colleague": {
			domain.AuditMark{}, byColleague(), "98ad3b4a36f8d314dceb408783a9b496235183836a051237396107807674c99e", "",
		},
		"by the service": {
			domain.AuditMark{}, domain.AuditEvent{Sequence: 1, At: sealedAt, Client: domain.Client{Actor: domain.Service()}}, "ae1e31059c3833033208ba483f00f3a1ce981e8e48a5bf81b71e5dcbbc8d9ed7", "",
		},
	} {
		if got := auditKey.Seal(test.previous, test.event).String(); got != test.want {
			t.Errorf("%s: the seal is %s, want %s", name, got, test.want)
		}
		for seal, before := range map[string]bool{test.before: true, test.want: false} {
			if seal == "" {
				continue
			}
			parsed, is := domain.ParseSeal(seal)
			if !is || auditKey.SealedBefore(test.previous, domain.SealedEvent{AuditEvent: test.event, Seal: parsed}) != before {
				t.Errorf("%s: %s is of an earlier version: %t, want %t", name, seal, !before, before)
			}
		}
	}
}

func TestParseSeal(t *testing.T) {
	good := counting().String()
	if seal, is := domain.ParseSeal(good); !is || seal != counting() {
		t.Errorf("%s is %s, %t", good, seal, is)
	}
	for _, text := range []string{"", good[1:], good[2:], good + "0", good + "00", "x" + good[1:], strings.ToUpper(good), " " + good[1:]} {
		if _, is := domain.ParseSeal(text); is {
			t.Errorf("%q is taken for a seal", text)
		}
	}
}

// eventChanges change an event, one thing each.
var eventChanges = map[string]func(*domain.AuditEvent){
	"sequence":         func(e *domain.AuditEvent) { e.Sequence++ },
	"at":               func(e *domain.AuditEvent) { e.At = e.At.Add(time.Millisecond) },
	"kind":             func(e *domain.AuditEvent) { e.Kind = domain.EventSignOut },
	"outcome":          func(e *domain.AuditEvent) { e.Outcome = domain.OutcomeSuccess },
	"reason":           func(e *domain.AuditEvent) { e.Reason = "" },
	"staff":            func(e *domain.AuditEvent) { e.StaffID = "00000000-0000-4000-8000-000000000002" },
	"subject":          func(e *domain.AuditEvent) { e.Subject = "abce" },
	"session":          func(e *domain.AuditEvent) { e.Session = "2" },
	"address":          func(e *domain.AuditEvent) { e.Client.Address = e.Client.Address.Next() },
	"user agent":       func(e *domain.AuditEvent) { e.Client.UserAgent += " " },
	"request":          func(e *domain.AuditEvent) { e.Client.RequestID = "request-2" },
	"operator":         func(e *domain.AuditEvent) { e.Client.Actor.Name = "" },
	"actor's kind":     func(e *domain.AuditEvent) { e.Client.Actor.Kind = domain.ActorOperator },
	"actor's id":       func(e *domain.AuditEvent) { e.Client.Actor.Staff = "00000000-0000-4000-8000-000000000003" },
	"previous address": func(e *domain.AuditEvent) { e.PreviousAddress = netip.Addr{} },
	"moved text":       func(e *domain.AuditEvent) { e.StaffID, e.Subject = e.StaffID+"a", "bcd" },
	"fields exchanged": func(e *domain.AuditEvent) { e.Client.Address, e.PreviousAddress = e.PreviousAddress, e.Client.Address },
}

func TestSealCoversEverything(t *testing.T) {
	seals := map[domain.Seal]string{auditKey.Seal(domain.AuditMark{}, fullEvent()): "the event itself"}
	add := func(name string, seal domain.Seal) {
		if other, there := seals[seal]; there {
			t.Errorf("%s has the same seal as %s", name, other)
		}
		seals[seal] = name
	}
	for name, change := range eventChanges {
		event := fullEvent()
		change(&event)
		add(name, auditKey.Seal(domain.AuditMark{}, event))
	}
	add("another place", auditKey.Seal(domain.AuditMark{Seal: counting()}, fullEvent()))
	other := domain.NewAuditKey(domain.NewSecret(strings.Repeat("k", 32)))
	add("another key", other.Seal(domain.AuditMark{}, fullEvent()))
}

// The expected signature comes from Python as above, over "gatehouse audit checkpoint 1", the
// seal and the three numbers.
func TestSign(t *testing.T) {
	checkpoint := auditKey.Sign(domain.AuditCheckpoint{
		Last: domain.AuditMark{Sequence: 7, Seal: counting()}, At: sealedAt, RemovedAt: sealedAt.Add(time.Second),
	})
	const want = "b1f742e7035183a6d517f306d144e76061834137692c41b79d2873cb0153da06"
	if got := checkpoint.Signature.String(); got != want || !auditKey.Signs(checkpoint) {
		t.Errorf("the signature is %s, want %s", got, want)
	}
	for name, change := range map[string]func(*domain.AuditCheckpoint){
		"sequence":  func(c *domain.AuditCheckpoint) { c.Last.Sequence++ },
		"seal":      func(c *domain.AuditCheckpoint) { c.Last.Seal[31]++ },
		"at":        func(c *domain.AuditCheckpoint) { c.At = c.At.Add(time.Millisecond) },
		"removed":   func(c *domain.AuditCheckpoint) { c.RemovedAt = c.RemovedAt.Add(time.Millisecond) },
		"exchanged": func(c *domain.AuditCheckpoint) { c.At, c.RemovedAt = c.RemovedAt, c.At },
		"signature": func(c *domain.AuditCheckpoint) { c.Signature[0]++ },
	} {
		changed := checkpoint
		change(&changed)
		if auditKey.Signs(changed) {
			t.Errorf("%s: the signature is still good", name)
		}
	}
}

// The expected ones come from Python as above, over "gatehouse audit end 1", the seal and the
// sequence, and over "gatehouse backup 1" and the content.
func TestSignEndAndDigest(t *testing.T) {
	end := domain.AuditMark{Sequence: 7, Seal: counting()}
	signature := auditKey.SignEnd(end)
	if got := signature.String(); got != "e54024bc26d016d1fd73f7e9984db5f50952f8bb1b532963d4a6c440921a158f" || !auditKey.SignsEnd(end, signature) {
		t.Errorf("the signature is %s", got)
	}
	other := end
	other.Sequence++
	for name, is := range map[string]bool{
		"another sequence": auditKey.SignsEnd(other, signature),
		"another seal":     auditKey.SignsEnd(domain.AuditMark{Sequence: 7}, signature),
		"no signature":     auditKey.SignsEnd(end, domain.Seal{}),
		"another key":      domain.NewAuditKey(domain.NewSecret("another key of enough bytes")).SignsEnd(end, signature),
	} {
		if is {
			t.Errorf("%s is signed as well", name)
		}
	}
	digest := auditKey.NewBackupDigest()
	digest.Write([]byte("con"))
	digest.Write([]byte("tent"))
	if got := hex.EncodeToString(digest.Sum(nil)); got != "6fbdb5dc67f1e043591679ba3f313fb7685a414a339567d21edbf8cf3a858284" {
		t.Errorf("the digest is %s", got)
	}
}
