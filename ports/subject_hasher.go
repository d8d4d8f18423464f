package ports

import "gatehouse/domain"

// A SubjectHasher hides what may be private behind a keyed hash.
type SubjectHasher interface {
	// HashSubject gives equal hashes for equal texts, and tells nothing of the text to
	// whoever has not got the key.
	HashSubject(text string) domain.SubjectHash
}
