package proof_test

import (
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp/proof"
	"gatehouse/domain"
)

var (
	key      = domain.NewSecret("a key of the shop, 32 bytes long")
	seen     = proof.Statement{Listener: "site", Address: "203.0.113.5", Believed: true}
	question = proof.Ask(key)
)

func TestWhatIsSaidIsRead(t *testing.T) {
	for _, s := range []proof.Statement{seen, {Listener: "guard", Address: "::1"}} {
		if got, ok := question.Read(proof.Answer(key, question.Value(), s)); !ok || got != s {
			t.Errorf("read %+v, %v, want %+v", got, ok, s)
		}
	}
}

// Without the key a question gets no answer, and an answer is not believed.
func TestStrangersGetNothing(t *testing.T) {
	other := domain.NewSecret("another key, also of 32 bytes....")
	nonce, _, _ := strings.Cut(question.Value(), ".")
	for _, value := range []string{"", ".", nonce, nonce + ".", nonce + ".00", "x" + question.Value(), question.Value() + "0", strings.ToUpper(question.Value()), proof.Ask(other).Value()} {
		if answer := proof.Answer(key, value, seen); answer != "" {
			t.Errorf("%q is answered %q", value, answer)
		}
	}
	if answer := proof.Answer(domain.Secret{}, proof.Ask(domain.Secret{}).Value(), seen); answer != "" {
		t.Errorf("without a key: %q", answer)
	}
	good := proof.Answer(key, question.Value(), seen)
	for _, answer := range []string{
		"", question.Value(), good + " ", good[1:], strings.Replace(good, "203.0.113.5", "203.0.113.6", 1), strings.Replace(good, "site", "guard", 1), strings.Replace(good, "forwarded", "direct", 1),
		proof.Answer(key, proof.Ask(key).Value(), seen), proof.Answer(other, proof.Ask(other).Value(), seen),
	} {
		if got, ok := question.Read(answer); ok {
			t.Errorf("%q is read as %+v", answer, got)
		}
	}
}
