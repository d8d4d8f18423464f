package jwtsigner

// A keyring finds the keys that may have signed a token.
type keyring struct {
	secrets []Key
	byID    map[string]Key
	// byHeader spares reading the headers that are spelled as ours are: nearly all.
	byHeader map[string][]Key
}

func newKeyring(keys []Key) keyring {
	ring := keyring{byID: map[string]Key{}, byHeader: map[string][]Key{}}
	for _, key := range keys {
		if key.isSecret() {
			ring.secrets = append(ring.secrets, key)
		} else {
			ring.byID[key.id()] = key
		}
	}
	for _, key := range keys {
		ring.byHeader[key.header] = ring.named(header{key.algorithm, key.id()})
	}
	return ring
}

// find returns the keys that a token with this encoded header may be signed by; none if
// the header is not to be accepted at all.
func (r keyring) find(encoded string) []Key {
	if keys, ok := r.byHeader[encoded]; ok {
		return keys
	}
	text, ok := decode(encoded)
	if !ok {
		return nil
	}
	header, ok := readHeader(string(text))
	if !ok {
		return nil
	}
	return r.named(header)
}

// named returns the keys that a header may mean. A kid of ours names its key, and with it the
// algorithm. Any other kid is ignored, as Django ignores it; then no public key is tried, because
// a stranger's kid must not cost that work.
func (r keyring) named(h header) []Key {
	key, ours := r.byID[h.keyID]
	switch {
	case ours && key.algorithm == h.algorithm:
		return []Key{key}
	case !ours && h.algorithm == HS256:
		return r.secrets
	}
	return nil
}
