package jwtsigner

import (
	"slices"
	"strings"

	"gatehouse/adapters/internal/strictjson"
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
	ok := readObject(text, func(name string, v strictjson.Value) bool { return h.read(name, v) })
	return h, ok
}

func (h *header) read(name string, v strictjson.Value) bool {
	switch name {
	case "alg":
		h.algorithm = Algorithm(v.Text)
		return isText(v)
	case "kid":
		h.keyID = v.Text
		return isText(v)
	case "typ":
		return isText(v) && strings.EqualFold(v.Text, "JWT")
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
