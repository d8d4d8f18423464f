// Package jwtsigner makes and reads tokens: [Tokens] is a [ports.TokenSigner] and a
// [ports.TokenParser]. What it signs, SimpleJWT accepts, and what it parses was signed by
// one of the keys it was given, and by the algorithm of that key.
//
// Signatures are made and compared by golang-jwt. Everything around them is read here,
// because that library takes the last of two members of one name, matches names without
// case, replaces bad UTF-8, and knows nothing of crit. So tokens are read strictly: one
// spelling of base64url, one meaning of the JSON, at most [domain.MaxTokenLength] bytes.
//
// A key has one algorithm (RFC 8725, 3.1). A token may name a key, never an algorithm:
// its alg must be the one of the key. Secrets have no kid, since SimpleJWT writes none, and
// are tried one after the other.
//
// An ECDSA signature (r, s) has a twin (r, n-s) that is good as well, so two spellings of
// one token can exist. Remember a token by its claims, not by its text.
package jwtsigner
