package domain

import (
	"crypto/subtle"
	"fmt"
	"io"
)

const redacted = "[redacted]"

// A Secret is a string that no printing function shows: every fmt verb, error text,
// JSON or text encoding gives "[redacted]". Reveal is the only way out.
//
// The value sits behind a pointer because fmt does not call the methods of values in
// unexported fields; it prints a nested pointer as an address.
type Secret struct {
	value *string
}

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the wrapped string; the zero Secret reveals "".
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is nothing to reveal.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// Equal compares in time that depends on the lengths alone.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Format implements [fmt.Formatter] for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// MarshalText returns "[redacted]", for JSON and other encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
