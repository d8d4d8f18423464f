package jwtsigner

import (
	"slices"
	"strings"

	"gatehouse/adapters/internal/strictjson"
	"gatehouse/domain"
)

// readClaims reports false if the payload is not one JSON object, or if a claim that we
// know is not of its type. Other claims are ignored.
func readClaims(payload string) (domain.Claims, bool) {
	var claims domain.Claims
	ok := readObject(payload, func(name string, v strictjson.Value) bool { return readClaim(&claims, name, v) })
	return claims, ok
}

func readClaim(c *domain.Claims, name string, v strictjson.Value) (ok bool) {
	switch name {
	case "token_type":
		c.Type, ok = domain.TokenType(v.Text), isText(v)
	case "exp":
		c.ExpiresAt, ok = timeOf(v)
	case "nbf":
		c.NotBefore, ok = timeOf(v)
	case "iat":
		c.IssuedAt, ok = timeOf(v)
	case "jti":
		c.ID, ok = domain.TokenID(v.Text), isText(v)
	case "user_id":
		// Django issues the token even if it names nobody: the domain says so.
		if ok = true; isText(v) {
			c.UserID = v.Text
		}
	case "sid":
		c.Session, ok = domain.SessionID(v.Text), isText(v) && isSessionID(v.Text)
	case "gen":
		c.Generation, ok = positive(v)
	case "iss":
		c.Issuer, ok = v.Text, isText(v)
	case "aud":
		c.Audience, ok = texts(v)
	case "sub":
		ok = isText(v)
	default:
		ok = !looksKnown(name)
	}
	return ok
}

// looksKnown reports whether a reader that ignores case would take the claim for a known one.
func looksKnown(name string) bool {
	known := [...]string{"token_type", "exp", "nbf", "iat", "jti", "user_id", "sid", "gen", "iss", "aud", "sub"}
	return slices.ContainsFunc(known[:], func(claim string) bool { return strings.EqualFold(name, claim) })
}

func isSessionID(text string) bool {
	return len(text) == 32 && strings.Trim(text, "0123456789abcdef") == ""
}
