package memory

import (
	"gatehouse/domain"
	"gatehouse/ports"
)

// Subjects is a [ports.SubjectHasher] without a key.
type Subjects struct{}

var _ ports.SubjectHasher = Subjects{}

// HashSubject implements [ports.SubjectHasher].
func (Subjects) HashSubject(text string) domain.SubjectHash {
	return domain.SubjectHash(digest(text)[:32])
}
