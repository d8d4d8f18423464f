package acceptance

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"
	"time"
)

// A djangoToken is a token as SimpleJWT makes it, and what is special about it. It names
// no session.
type djangoToken struct {
	Type string // access or refresh
	Of   string // whose it is: an id, or a name in the recorded cases
	// Times are claims in seconds from now on; Claims and Header replace what is usual.
	Times  map[string]int64
	Claims map[string]any
	Header map[string]any
	Drop   []string // claims that are missing
	// Tamper changes the "payload" after it was signed, or the "signature".
	Tamper   string
	WrongKey bool `json:"wrong_key"`
}

// djangoLifetime is how long such a token lasts.
const djangoLifetime = 24 * time.Hour

// sign makes the token for the user with the id.
func (d djangoToken) sign(secret, user string) string {
	claims := d.claims(user)
	signed := encodePart(d.header()) + "." + encodePart(claims)
	if d.WrongKey {
		secret += "?"
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	signature := mac.Sum(nil)
	switch {
	case strings.EqualFold(d.header()["alg"].(string), "none"):
		signature = nil
	case d.Tamper == "signature":
		signature[10] ^= 1
	case d.Tamper == "payload":
		claims["user_id"] = "0b5c1e00-0000-4000-8000-000000000005"
		signed = encodePart(d.header()) + "." + encodePart(claims)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (d djangoToken) header() map[string]any {
	header := map[string]any{"alg": "HS256", "typ": "JWT"}
	maps.Copy(header, d.Header)
	return header
}

func (d djangoToken) claims(user string) map[string]any {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	now := time.Now().Unix()
	claims := map[string]any{
		"token_type": d.Type, "exp": now + int64(djangoLifetime/time.Second), "iat": now, "jti": hex.EncodeToString(id), "user_id": user,
	}
	for name, offset := range d.Times {
		claims[name] = now + offset
	}
	maps.Copy(claims, d.Claims)
	for _, name := range d.Drop {
		delete(claims, name)
	}
	return claims
}

func encodePart(part map[string]any) string {
	text, _ := json.Marshal(part) // made of what can be encoded
	return base64.RawURLEncoding.EncodeToString(text)
}
