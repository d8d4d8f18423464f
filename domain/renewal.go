package domain

import "time"

// renewalRepeats is how long after a renewal its access token is handed out again.
const renewalRepeats = time.Minute

// Renewed returns the claims of the access token of the last renewal, and whether a browser gets that token
// again at the instant now. It does for a minute: a second tab sends its request at the same time, and an
// answer may be lost. Past half of the token's lifetime it does not, because such a token expires soon.
func (s Session) Renewed(policy Policy, now time.Time) (claims Claims, again bool) {
	claims = s.AccessClaims(s.RenewedToken, policy, s.RenewedAt)
	age := now.Sub(s.RenewedAt)
	again = s.RenewedToken != "" && age >= 0 && age < renewalRepeats && 2*age < claims.Lifetime()
	return claims, again
}

// Renew notes that an access token with the id was handed out in passing. That counts as a use.
func (s *Session) Renew(id TokenID, client Client, now time.Time) {
	s.RenewedToken, s.RenewedAt = id, now
	s.Use(client, now)
}
