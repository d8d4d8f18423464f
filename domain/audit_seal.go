package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"
)

// A Seal is a keyed hash (HMAC-SHA-256, RFC 2104) over an audit event and the seal of the
// event before it. Without the key nobody can change, remove, insert or move an event
// and leave the seals from there on whole.
type Seal [sha256.Size]byte

// String is the seal in lower-case hex. It is no secret.
func (s Seal) String() string { return hex.EncodeToString(s[:]) }

// ParseSeal reads what [Seal.String] writes, and returns false for anything else.
func ParseSeal(text string) (seal Seal, is bool) {
	n, err := hex.Decode(seal[:], []byte(text[:min(len(text), 2*len(seal))]))
	return seal, err == nil && n == len(seal) && text == seal.String()
}

// A SealedEvent is an event as the trail holds it.
type SealedEvent struct {
	AuditEvent
	Seal Seal
	// Altered: what is stored reads as this event, but it is not what was written for it.
	Altered bool
}

// An AuditMark is a place in the audit trail: the event with this sequence has this seal.
// The zero mark is the place before the first event.
type AuditMark struct {
	Sequence int64
	Seal     Seal
}

// String is the sequence and the seal, "7:0a…". It is no secret: kept outside the machine, it
// shows later whether the trail still holds that event.
func (m AuditMark) String() string { return strconv.FormatInt(m.Sequence, 10) + ":" + m.Seal.String() }

// ParseAuditMark reads what [AuditMark.String] writes of an event, and returns false for anything
// else.
func ParseAuditMark(text string) (AuditMark, bool) {
	number, rest, _ := strings.Cut(text, ":")
	sequence, err := strconv.ParseInt(number, 10, 64)
	seal, is := ParseSeal(rest)
	mark := AuditMark{sequence, seal}
	return mark, err == nil && is && sequence > 0 && mark.String() == text
}

// Mark is the place of the event.
func (e SealedEvent) Mark() AuditMark { return AuditMark{e.Sequence, e.Seal} }

// An AuditCheckpoint stands for the events up to Last, which were removed because they were
// old. The zero checkpoint stands for none.
type AuditCheckpoint struct {
	Last AuditMark
	// At is when the newest of them happened, RemovedAt when they were removed.
	At, RemovedAt time.Time
	// Signature proves that it was not made by hand; see [AuditKey.Signs].
	Signature Seal
}

// An AuditKey seals audit events. It is kept outside the store, and cannot be printed. It
// may be used concurrently.
type AuditKey struct {
	secret Secret
}

// NewAuditKey makes the key from at least 16 random bytes.
func NewAuditKey(secret Secret) AuditKey { return AuditKey{secret} }

// What is sealed begins with one of these, so that nothing passes for something else.
const (
	sealsEvent = "gatehouse audit event 2"
	// sealsActor is of events that name the kind of their actor. Those without are sealed as they
	// always were, so no older seal becomes wrong, and the label tells the two forms apart.
	sealsActor = "gatehouse audit event 3"
	// sealedEventBefore is of versions that did not sign the end of the trail.
	sealedEventBefore = "gatehouse audit event 1"
	sealsCheckpoint   = "gatehouse audit checkpoint 1"
	sealsEnd          = "gatehouse audit end 1"
	sealsBackup       = "gatehouse backup 1"
)

// Seal returns the seal of an event that comes next after a place in the trail.
func (k AuditKey) Seal(previous AuditMark, event AuditEvent) Seal {
	if !namesKind(event) {
		return k.mac(eventText(sealsEvent, previous, event))
	}
	text := eventText(sealsActor, previous, event)
	text = appendText(text, string(event.Client.Actor.Kind))
	return k.mac(appendText(text, string(event.Client.Actor.Staff)))
}

// SealedBefore reports whether the event has the seal of a version that did not sign the end of
// the trail. In a trail that is whole, no such event comes after one with a present seal.
func (k AuditKey) SealedBefore(previous AuditMark, event SealedEvent) bool {
	return !namesKind(event.AuditEvent) && same(k.mac(eventText(sealedEventBefore, previous, event.AuditEvent)), event.Seal)
}

func namesKind(event AuditEvent) bool {
	return event.Client.Actor.Kind != "" || event.Client.Actor.Staff != ""
}

// eventText is the part of what is sealed that every event has.
func eventText(label string, previous AuditMark, event AuditEvent) []byte {
	text := make([]byte, 0, 512)
	text = append(text, label...)
	text = append(text, previous.Seal[:]...)
	text = appendNumber(text, event.Sequence)
	text = appendNumber(text, event.At.UnixMilli())
	for _, field := range [...]string{
		string(event.Kind), string(event.Outcome), string(event.Reason),
		string(event.StaffID), string(event.Subject), string(event.Session),
		event.Client.UserAgent, event.Client.RequestID, event.Client.Actor.Name,
	} {
		text = appendText(text, field)
	}
	text = appendText(text, string(event.Client.Address.AppendTo(nil)))
	text = appendText(text, string(event.PreviousAddress.AppendTo(nil)))
	return text
}

// Sign returns the checkpoint with its signature.
func (k AuditKey) Sign(c AuditCheckpoint) AuditCheckpoint {
	c.Signature = k.signature(c)
	return c
}

// Signs reports whether the checkpoint has the signature that this key makes.
func (k AuditKey) Signs(c AuditCheckpoint) bool {
	return same(k.signature(c), c.Signature)
}

func (k AuditKey) signature(c AuditCheckpoint) Seal {
	text := append([]byte(sealsCheckpoint), c.Last.Seal[:]...)
	text = appendNumber(text, c.Last.Sequence)
	text = appendNumber(text, c.At.UnixMilli())
	return k.mac(appendNumber(text, c.RemovedAt.UnixMilli()))
}

// SignEnd returns the signature of the place up to which the trail has been written.
func (k AuditKey) SignEnd(mark AuditMark) Seal {
	return k.mac(appendNumber(append([]byte(sealsEnd), mark.Seal[:]...), mark.Sequence))
}

// SignsEnd reports whether this key has made the signature of that place.
func (k AuditKey) SignsEnd(mark AuditMark, signature Seal) bool {
	return same(k.SignEnd(mark), signature)
}

// NewBackupDigest begins the keyed digest (HMAC-SHA-256, RFC 2104) of a backup. The bytes of
// the backup are written to it.
func (k AuditKey) NewBackupDigest() hash.Hash {
	digest := hmac.New(sha256.New, []byte(k.secret.Reveal()))
	digest.Write([]byte(sealsBackup))
	return digest
}

// same takes as long wherever they differ.
func same(a, b Seal) bool { return hmac.Equal(a[:], b[:]) }

func (k AuditKey) mac(text []byte) (seal Seal) {
	mac := hmac.New(sha256.New, []byte(k.secret.Reveal()))
	mac.Write(text)
	mac.Sum(seal[:0])
	return seal
}

func appendNumber(to []byte, n int64) []byte { return binary.BigEndian.AppendUint64(to, uint64(n)) }

// appendText puts the length first: no two lists of texts give the same bytes.
func appendText(to []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(text))), text...)
}
