package jwtsigner

import (
	"slices"
	"strings"

	"gatehouse/domain"
)

// readClaims reports false if the payload is not one JSON object, or if a claim that we
// know is not of its type. Other claims are ignored.
func readClaims(payload string) (domain.Claims, bool) {
	var claims domain.Claims
	ok := readObject(payload, func(name string, v value) bool { return readClaim(&claims, name, v) })
	return claims, ok
}

func readClaim(c *domain.Claims, name string, v value) (ok bool) {
	switch name {
	case "token_type":
		c.Type, ok = domain.TokenType(v.text), v.kind == textKind
	case "exp":
		c.ExpiresAt, ok = v.time()
	case "nbf":
		c.NotBefore, ok = v.time()
	case "iat":
		c.IssuedAt, ok = v.time()
	case "jti":
		c.ID, ok = domain.TokenID(v.text), v.kind == textKind
	case "user_id":
		// Django issues the token even if it names nobody: the domain says so.
		if ok = true; v.kind == textKind {
			c.UserID = v.text
		}
	case "sid":
		c.Session, ok = domain.SessionID(v.text), v.kind == textKind && isSessionID(v.text)
	case "gen":
		c.Generation, ok = v.positive()
	case "iss":
		c.Issuer, ok = v.text, v.kind == textKind
	case "aud":
		c.Audience, ok = v.texts()
	case "sub":
		ok = v.kind == textKind
	default:
		ok = !looksKnown(name)
	}
	return ok
}

// looksKnown reports whether a sloppier reader, one that ignores case, would take the
// claim for one that we know.
func looksKnown(name string) bool {
	known := [...]string{"token_type", "exp", "nbf", "iat", "jti", "user_id", "sid", "gen", "iss", "aud", "sub"}
	return slices.ContainsFunc(known[:], func(claim string) bool { return strings.EqualFold(name, claim) })
}

func isSessionID(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}
