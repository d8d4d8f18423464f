// Package zaplog writes every audit event to the log as well, after it is durable, so
// that an operator who watches the log sees sign-ins, refusals and changes as they happen.
// The audit trail itself is the store's.
package zaplog
