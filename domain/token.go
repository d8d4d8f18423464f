package domain

import (
	"slices"
	"time"
)

// A Token is a signed token in compact form. It cannot be printed.
type Token struct{ Secret }

// NewToken wraps a token as it came.
func NewToken(compact string) Token { return Token{NewSecret(compact)} }

// MaxTokenLength is the longest token that is looked at, in bytes.
const MaxTokenLength = 8 << 10

// A TokenID is a token's jti claim: 32 lower-case hex digits in our own tokens.
type TokenID string

// A TokenType is the token_type claim.
type TokenType string

// The types of token.
const (
	AccessToken  TokenType = "access"
	RefreshToken TokenType = "refresh"
)

// Claims are what a token says. Times are whole seconds.
//
// In claims that were read from a token, a missing time is zero and any other missing claim is
// empty. They prove that the token was signed by us, or by somebody with the secret of the shop's
// Django. [Claims.Check] decides whether they hold.
type Claims struct {
	Type      TokenType
	ExpiresAt time.Time
	NotBefore time.Time // our tokens carry it only when derived from one that does
	IssuedAt  time.Time
	ID        TokenID
	UserID    string // "" when missing or not a string
	Session   SessionID
	// Generation is the session's generation that a refresh token belongs to.
	Generation int64
	Issuer     string
	Audience   []string
	// SharedSecret: the token was signed with the secret of the shop's Django, while our own
	// tokens are signed with another key. It is no claim in the token: the parser sets it.
	SharedSecret bool
}

// Lifetime is how long a token lasts from its issue on.
func (c Claims) Lifetime() time.Duration { return c.ExpiresAt.Sub(c.IssuedAt) }

// StaffID returns the id of the token's owner. Errors: [ErrTokenNoStaff].
func (c Claims) StaffID() (StaffID, error) {
	id, err := ParseStaffID(c.UserID)
	if err != nil {
		return "", ErrTokenNoStaff
	}
	return id, nil
}

// SameOwner refuses claims with [ErrTokenInvalid] that come with those of another person. A browser has
// both only if one of them was put there from outside. Claims that name nobody are passed over.
func (c Claims) SameOwner(other Claims) error {
	a, errA := c.StaffID()
	b, errB := other.StaffID()
	if errA == nil && errB == nil && a != b {
		return ErrTokenInvalid
	}
	return nil
}

// Check decides whether the claims hold at the instant now. It looks at them in the order of PyJWT
// and SimpleJWT, so the refusals are the same. A token that expires in this second is expired.
// Once the time of the shop's Django is over, a token of its secret counts as forged.
//
// Errors: [ErrTokenInvalid], [ErrTokenExpired], [ErrTokenNoExpiry], [ErrTokenNoID],
// [ErrTokenNoType], [ErrTokenWrongType] if the type is not among types.
func (c Claims) Check(policy Policy, now time.Time, types ...TokenType) error {
	acceptsDjangos := now.Before(policy.AcceptDjangoTokensUntil)
	switch {
	case c.SharedSecret && !acceptsDjangos: // first: not even an expired token of it may name a session
		return ErrTokenInvalid
	case c.IssuedAt.After(now.Add(policy.Leeway)):
		return refuse(ErrTokenInvalid, ReasonIssuedInFuture)
	case c.NotBefore.After(now.Add(policy.Leeway)):
		return refuse(ErrTokenInvalid, ReasonNotValidYet)
	case !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(now.Add(-policy.Leeway)):
		return ErrTokenExpired
	case policy.Issuer != "" && c.Issuer != policy.Issuer:
		return refuse(ErrTokenInvalid, ReasonWrongIssuer)
	case policy.Audience != "" && !slices.Contains(c.Audience, policy.Audience):
		return refuse(ErrTokenInvalid, ReasonWrongAudience)
	case c.ExpiresAt.IsZero():
		return ErrTokenNoExpiry
	case c.ID == "":
		return ErrTokenNoID
	case c.Type == "":
		return ErrTokenNoType
	case !slices.Contains(types, c.Type):
		return ErrTokenWrongType
	case c.Session == "" && !acceptsDjangos:
		return refuse(ErrTokenInvalid, ReasonNoSession)
	}
	return nil
}
