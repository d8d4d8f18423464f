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
	// Operator is the name of the system account behind a command, and "" for requests.
	Operator string
}

// MaxUserAgentLength is how many bytes of a user agent are kept.
const MaxUserAgentLength = 256
