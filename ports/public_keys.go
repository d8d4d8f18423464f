package ports

// PublicKeys publishes the keys with which others can verify our tokens.
type PublicKeys interface {
	// JWKS returns a JSON Web Key Set (RFC 7517); with symmetric keys alone it is empty.
	// The caller must not change it.
	JWKS() []byte
}
