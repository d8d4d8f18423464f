package ports

// PublicKeys publishes the keys with which others can verify our tokens. It may be used
// concurrently.
type PublicKeys interface {
	// JWKS returns a JSON Web Key Set (RFC 7517). It is empty if all keys are symmetric. The
	// caller must not change it, because all callers get the same bytes.
	JWKS() []byte
}
