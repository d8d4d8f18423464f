package jwtsigner

import (
	"slices"
	"strings"
)

// A header is what a token's header says of its key.
type header struct {
	algorithm Algorithm
	keyID     string // "" when missing
}

// encodeHeader returns the encoded header of our own tokens. SimpleJWT sorts the members.
func encodeHeader(algorithm Algorithm, keyID string) string {
	return encode(mustMarshal(struct {
		Algorithm Algorithm `json:"alg"`
		KeyID     string    `json:"kid,omitempty"`
		Type      string    `json:"typ"`
	}{algorithm, keyID, "JWT"}))
}

// readHeader reports false for a header with which no token of ours can begin. Members
// that it does not know are ignored (RFC 7515, 4).
func readHeader(text string) (header, bool) {
	var h header
	ok := readObject(text, func(name string, v value) bool { return h.read(name, v) })
	return h, ok
}

func (h *header) read(name string, v value) bool {
	switch name {
	case "alg":
		h.algorithm = Algorithm(v.text)
		return v.kind == textKind
	case "kid":
		h.keyID = v.text
		return v.kind == textKind
	case "typ":
		return v.kind == textKind && strings.EqualFold(v.text, "JWT")
	}
	return !refusedInHeader(name)
}

// refusedInHeader reports whether a member would have the verifier do what we do not: obey
// extensions, take a key from the token, unpack or decrypt. A sloppier reader takes a name
// in other case for the name itself, so that is refused too.
func refusedInHeader(name string) bool {
	refused := [...]string{
		"alg", "kid", "typ",
		"crit", "b64", "cty",
		"jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256",
		"zip", "enc",
	}
	return slices.ContainsFunc(refused[:], func(known string) bool { return strings.EqualFold(name, known) })
}
