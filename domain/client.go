package domain

import "net/netip"

// A Client is who is asking, as the audit trail and the session list show it.
type Client struct {
	// Address is the peer, or what a trusted proxy says of it. Invalid when unknown.
	Address netip.Addr
	// UserAgent is as sent, cut to [MaxUserAgentLength] bytes.
	UserAgent string
	// RequestID links the event with the log line of its request.
	RequestID string
	// Actor is who asks; zero for requests of people, see [AuditEvent.Actor].
	Actor Actor
}

// MaxUserAgentLength is how many bytes of a user agent are kept.
const MaxUserAgentLength = 256
