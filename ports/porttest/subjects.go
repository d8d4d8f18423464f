package porttest

import (
	"regexp"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Subjects tests a [ports.SubjectHasher].
func Subjects(t *testing.T, hasher ports.SubjectHasher) {
	form := regexp.MustCompile(`^[0-9a-f]{32,}$`)
	seen := map[domain.SubjectHash]string{}
	for _, text := range []string{"", "a", "b", "person@example.test", "a longer text, such as a password"} {
		hash := hasher.HashSubject(text)
		if !form.MatchString(string(hash)) {
			t.Errorf("the hash of %q is %q: want at least 32 lower-case hex digits", text, hash)
		}
		if hash != hasher.HashSubject(text) {
			t.Errorf("%q has two hashes", text)
		}
		if other, ok := seen[hash]; ok {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[hash] = text
	}
}
