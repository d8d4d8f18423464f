package ports

import "gatehouse/domain"

// A SubjectHasher hides private text behind a keyed hash. It may be used concurrently.
type SubjectHasher interface {
	// HashSubject gives equal hashes for equal texts. Without the key, a hash tells nothing of
	// the text.
	HashSubject(text string) domain.SubjectHash
}
