package domain

import "time"

// A Presentation says which of a session's refresh tokens a client has sent.
type Presentation int

// The presentations that are not refused.
const (
	// PresentedCurrent is the newest one.
	PresentedCurrent Presentation = iota + 1
	// PresentedPrevious is the one before, within the grace period. A second tab sends it, or a
	// client that missed the last reply. The answer is the current token, not a new one.
	PresentedPrevious
)

// Present decides which refresh token of the session these claims are. [Session.Check] must have
// passed before.
//
// Errors: [ErrSessionEnded] for a token that was replaced longer ago than the grace period. That
// is theft or a replay, and ends the session; see [EndAfter]. [ErrSessionEnded] too for a token
// that was not issued yet. Then the database was restored from a backup, and the session goes on.
// [ErrTokenInvalid] for a token of ours without a generation.
func (s Session) Present(claims Claims, policy Policy, now time.Time) (Presentation, error) {
	generation := claims.Generation
	if claims.Session == "" { // what was adopted is the first generation
		generation = 1
	}
	switch {
	case generation < 1:
		return 0, ErrTokenInvalid
	case generation == s.Generation:
		return PresentedCurrent, nil
	case generation > s.Generation:
		return 0, refuse(ErrSessionEnded, ReasonNotIssuedYet)
	case generation == s.Generation-1 && now.Before(s.RotatedAt.Add(policy.RefreshGrace)):
		return PresentedPrevious, nil
	}
	return 0, refuse(ErrSessionEnded, ReasonReplayed)
}

// Came notes whether a refresh token of the session came in a cookie. If it is unknown how the
// session was opened, the first cookie decides: a browser keeps cookies, so it takes the
// successor. Until then the session counts as opened in the body, because such a client may not
// expect a successor.
func (s *Session) Came(inCookie bool) {
	if s.OpenedIn == CarrierUnknown && inCookie {
		s.OpenedIn = CarrierCookies
	}
}

// Rotate replaces the session's refresh token by one with the id.
func (s *Session) Rotate(id TokenID, now time.Time) {
	s.Generation++
	s.CurrentToken, s.RotatedAt = id, now
}

// Use notes that the session was used from an address.
func (s *Session) Use(client Client, now time.Time) {
	s.LastUsedAt, s.LastAddress = now, client.Address
}
