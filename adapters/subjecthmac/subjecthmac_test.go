package subjecthmac_test

import (
	"testing"

	"gatehouse/adapters/subjecthmac"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func hasher(key string) *subjecthmac.Hasher {
	return subjecthmac.New(subjecthmac.Config{Key: domain.NewSecret(key)})
}

func TestHasher(t *testing.T) { porttest.Subjects(t, hasher("a key of sixteen")) }

func TestHashDependsOnTheKey(t *testing.T) {
	if hasher("one key").HashSubject("a") == hasher("another key").HashSubject("a") {
		t.Error("two keys give one hash")
	}
}

// The expected value is that of: printf %s a | openssl dgst -sha256 -hmac key
func TestHashIsHMACSHA256(t *testing.T) {
	if got, want := hasher("key").HashSubject("a"), domain.SubjectHash("780c3db4ce3de5b9e55816fba98f5906"); got != want {
		t.Errorf("hash is %s, want %s", got, want)
	}
}
