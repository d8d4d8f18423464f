package domain

import "time"

// A Presentation is which of a session's refresh tokens is presented.
type Presentation int

// The presentations that are not refused.
const (
	// PresentedCurrent is the newest one.
	PresentedCurrent Presentation = iota + 1
	// PresentedPrevious is the one before, within the grace: a second tab, or a client that
	// has not got the last reply. It is answered with the current one, not with another.
	PresentedPrevious
)

// Present decides what presenting the refresh token with these claims amounts to, in a
// session that [Session.Check] has passed.
//
// Errors: [ErrSessionEnded] for a token that has been replaced for longer than the grace,
// which is theft or a replay and ends the session (see [EndAfter]), and for one that has
// not been issued yet: then the database was restored from a backup, and nobody is to
// blame. [ErrTokenInvalid] for a token of ours without a generation.
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

// Came notes how a refresh token of the session has come. Where it is unknown in what the session
// was opened, the first cookie tells: a browser keeps it, and takes the successor. Until then the
// session counts as opened in the body, because a client may not expect a successor there.
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
