package acceptance

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A nest is where canaries are looked for: secrets that may be handed to the program and
// must never come out again where it writes.
type nest struct {
	canaries map[string]string // by what each is
	outputs  map[string]string // by where it was written
}

func newNest() *nest { return &nest{map[string]string{}, map[string]string{}} }

// add makes a canary: letters and digits that no other text contains, long enough for a
// new password, in the middle of characters that have to be escaped here or there.
func (n *nest) add(what string) string {
	core := fmt.Sprintf("CaNaRy%02dofTheShop7Xq", len(n.canaries))
	n.canaries[what] = core
	return `"` + core + `" & %41\`
}

// addToken makes the parts of a token canaries that are like no other token's.
func (n *nest) addToken(what, token string) {
	_, rest, _ := strings.Cut(token, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	n.canaries[what+" (claims)"], n.canaries[what+" (signature)"] = payload, signature
}

// read collects every file in the folder.
func (n *nest) read(t *testing.T, when, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		n.outputs[filepath.Base(path)+" "+when] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// found lists the canaries that have come out.
func (n *nest) found() (all []string) {
	for where, text := range n.outputs {
		text = strings.ToLower(text)
		for what, canary := range n.canaries {
			for _, spelling := range spellings(canary) {
				if strings.Contains(text, strings.ToLower(spelling)) {
					all = append(all, fmt.Sprintf("%s is in %s, spelled %q", what, where, spelling))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// spellings are the ways to write a text of letters and digits: as it is (so it is when
// what stands around it is escaped), every character as a number, or in base64, which
// looks different at each of the three places where it can begin.
func spellings(text string) []string {
	all := []string{
		text, hex.EncodeToString([]byte(text)), fmt.Sprintf("% x", text), strings.Trim(fmt.Sprint([]byte(text)), "[]"),
		"%" + strings.ReplaceAll(fmt.Sprintf("% x", text), " ", "%"), `\x` + strings.ReplaceAll(fmt.Sprintf("% x", text), " ", `\x`),
	}
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(bytes.Repeat([]byte{0}, shift), text...))
		whole := (shift + len(text)) * 8 / 6 // the next character depends on what follows
		encoded = encoded[(shift*8+5)/6 : whole]
		all = append(all, encoded, strings.NewReplacer("+", "-", "/", "_").Replace(encoded))
	}
	return all
}

// The search must find what is there.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	n := newNest()
	secret := n.add("the secret")
	for _, text := range []string{
		secret, strings.ToLower(secret), fmt.Sprintf("%q", secret), fmt.Sprintf("%+v", struct{ Hidden string }{secret}),
		fmt.Sprintf("%x", secret), fmt.Sprint([]byte(secret)), strings.ReplaceAll(secret, "&", "%26"),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte("a" + secret + "?")),
		base64.StdEncoding.EncodeToString([]byte("hana:" + secret)), base64.URLEncoding.EncodeToString([]byte("1234" + secret)),
	} {
		n.outputs = map[string]string{"a file": "before" + text + "after"}
		if len(n.found()) == 0 {
			t.Errorf("the secret is not found in %s", text)
		}
	}
	n.outputs = map[string]string{"a file": "CaNaRy01ofTheShop7Xq, CaNaRy00ofTheShop"}
	if found := n.found(); len(found) > 0 {
		t.Errorf("what is not there is found: %v", found)
	}
}
