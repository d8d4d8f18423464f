package jwtsigner

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"gatehouse/domain"
)

// appendClaims appends the claims as compact JSON, in the order of SimpleJWT. Claims that
// [Tokens.Parse] would refuse are an error.
func appendClaims(dst []byte, c domain.Claims) ([]byte, error) {
	o := objectWriter{dst: append(dst, '{')}
	o.text("token_type", string(c.Type))
	o.time("exp", c.ExpiresAt)
	o.time("iat", c.IssuedAt)
	o.text("jti", string(c.ID))
	o.text("user_id", c.UserID)
	o.sessionID("sid", c.Session)
	o.positive("gen", c.Generation)
	o.time("nbf", c.NotBefore)
	o.text("iss", c.Issuer)
	o.texts("aud", c.Audience)
	return append(o.dst, '}'), o.err
}

// An objectWriter appends the members of an object to dst, and leaves out those that are
// empty. It keeps the first error, which names the member alone.
type objectWriter struct {
	dst []byte
	err error
}

func (o *objectWriter) name(name string) {
	if o.dst[len(o.dst)-1] != '{' {
		o.dst = append(o.dst, ',')
	}
	o.dst = append(append(append(o.dst, '"'), name...), `":`...)
}

func (o *objectWriter) refuse(name, why string) {
	if o.err == nil {
		o.err = fmt.Errorf("the claim %s cannot be written: %s", name, why)
	}
}

func (o *objectWriter) text(name, text string) {
	if text == "" {
		return
	}
	if !utf8.ValidString(text) {
		o.refuse(name, "not valid UTF-8")
	}
	o.name(name)
	o.dst = appendText(o.dst, text)
}

func (o *objectWriter) texts(name string, texts []string) {
	if len(texts) == 1 && texts[0] != "" {
		o.text(name, texts[0])
		return
	}
	for i, text := range texts {
		if !utf8.ValidString(text) {
			o.refuse(name, "not valid UTF-8")
		}
		if i == 0 {
			o.name(name)
			o.dst = append(o.dst, '[')
		} else {
			o.dst = append(o.dst, ',')
		}
		o.dst = appendText(o.dst, text)
	}
	if len(texts) > 0 {
		o.dst = append(o.dst, ']')
	}
}

func (o *objectWriter) time(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	seconds := t.Unix()
	if seconds < 0 || seconds > maxTime {
		o.refuse(name, "not a time from 1970 to 9999")
	}
	o.name(name)
	o.dst = strconv.AppendInt(o.dst, seconds, 10)
}

func (o *objectWriter) sessionID(name string, id domain.SessionID) {
	if id != "" && !isSessionID(string(id)) {
		o.refuse(name, "not 32 lower-case hex digits")
	}
	o.text(name, string(id))
}

func (o *objectWriter) positive(name string, n int64) {
	if n == 0 {
		return
	}
	if n < 0 {
		o.refuse(name, "below zero")
	}
	o.name(name)
	o.dst = strconv.AppendInt(o.dst, n, 10)
}

// appendText appends a JSON string with no more escapes than there must be.
func appendText(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
