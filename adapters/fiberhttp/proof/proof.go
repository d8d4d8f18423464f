// Package proof lets an operator's command see that an answer comes from Gatehouse itself, through
// whatever is between them, and how Gatehouse saw the request.
//
// Both sides know a key. The command sends a [Question] in [Header]; only if the key has made it, the
// answer has a [Statement] in the same header. So strangers get nothing, and other
// programs cannot answer. A question has a nonce, so an old answer does not fit a new question.
package proof

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gatehouse/domain"
)

// Header is the name of the header of both the question and the answer.
const Header = "X-Gatehouse-Check"

// A Question is a new one each time. It may be used once.
type Question struct {
	key   domain.Secret
	nonce string
}

// Ask makes a question.
func Ask(key domain.Secret) Question { return Question{key, rand.Text()} }

// Value is that of the request's header.
func (q Question) Value() string { return q.nonce + "." + mac(q.key, "asks", q.nonce) }

// A Statement is what Gatehouse says about a request that it answers.
type Statement struct {
	// Listener is site or guard.
	Listener string
	// Address is where the request comes from, as the audit trail would name it.
	Address string
	// Believed: it comes from a trusted proxy, whose X-Forwarded-For counts.
	Believed bool
}

// Answer is the value of the answer's header, or "" if the question is not made with the key.
func Answer(key domain.Secret, question string, s Statement) string {
	nonce, sum, _ := strings.Cut(question, ".")
	if key.Empty() || nonce == "" || !hmac.Equal([]byte(sum), []byte(mac(key, "asks", nonce))) {
		return ""
	}
	text := s.text()
	return text + " " + mac(key, "says", nonce, text)
}

// Read returns the statement in the answer's header. It is false without a statement, and if the statement
// was not made for this question with our key.
func (q Question) Read(answer string) (s Statement, ok bool) {
	words := strings.Split(answer, " ")
	if q.key.Empty() || len(words) != 4 {
		return s, false
	}
	s = Statement{Listener: words[0], Address: words[1], Believed: words[2] == believed}
	return s, hmac.Equal([]byte(words[3]), []byte(mac(q.key, "says", q.nonce, s.text())))
}

const believed, direct = "forwarded", "direct"

func (s Statement) text() string {
	how := direct
	if s.Believed {
		how = believed
	}
	return s.Listener + " " + s.Address + " " + how
}

// mac authenticates words without a line end in them (HMAC-SHA-256, RFC 2104).
func mac(key domain.Secret, words ...string) string {
	sum := hmac.New(sha256.New, []byte(key.Reveal()))
	_, _ = sum.Write([]byte(strings.Join(words, "\n"))) // never fails
	return hex.EncodeToString(sum.Sum(nil))
}
