//go:build system

package acceptance

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// A field is one of the headers of a request in HTTP/2, as it is.
type field struct{ name, value string }

// A stream is a request in HTTP/2, whose end its frames tell, and which may say otherwise.
type stream struct {
	name   string
	fields []field // beside those of a plain request
	data   string  // %s is where something is hidden
}

var streams = []stream{
	{"a length of 0", []field{{"content-length", "0"}}, "%s"},
	{"a length that is too small", []field{{"content-length", "1"}}, "x%s"},
	{"two lengths", []field{{"content-length", "0"}, {"content-length", "500"}}, "%s"},
	{"a length that is none", []field{{"content-length", "+0"}}, "%s"},
	{"chunks", []field{{"transfer-encoding", "chunked"}}, noChunks + "%s"},
	{"chunks and a length", []field{{"transfer-encoding", "chunked"}, {"content-length", "5"}}, noChunks + "%s"},
	{"chunks in capitals", []field{{"Transfer-Encoding", "chunked"}}, noChunks + "%s"},
	{"chunks after a line end", []field{{"x", "y\r\nTransfer-Encoding: chunked"}}, noChunks + "%s"},
	{"chunks after a line feed", []field{{"x", "y\nTransfer-Encoding: chunked"}}, noChunks + "%s"},
	{"chunks in a name", []field{{"x: y\r\nTransfer-Encoding", "chunked"}}, noChunks + "%s"},
	{"chunks in a name with a colon", []field{{"transfer-encoding: chunked\r\nx", "y"}}, noChunks + "%s"},
	{"a request in a value", []field{{"x", "y\r\n\r\n%s"}}, ""},
	{"a request in a value, by line feeds", []field{{"x", "y\n\n%s"}}, ""},
	{"a request after a NUL", []field{{"x", "y\x00\r\n\r\n%s"}}, ""},
	{"a request in a name", []field{{"x: y\r\n\r\n%s", "z"}}, ""},
	{"a request in the path", []field{{":path", "/accounts/me/ HTTP/1.1\r\nHost: shop.example\r\n\r\n%s"}}, ""},
	{"a request in the method", []field{{":method", "GET /accounts/me/ HTTP/1.1\r\nHost: shop.example\r\n\r\n%s"}}, ""},
	{"a request in the authority", []field{{":authority", "shop.example\r\n\r\n%s"}}, ""},
	{"a request in the scheme", []field{{":scheme", "https://shop.example/accounts/me/ HTTP/1.1\r\n\r\n%s"}}, ""},
	{"a request in a cookie", []field{{"cookie", "a=b\r\n\r\n%s"}}, ""},
	{"two paths", []field{{":path", "/accounts/me/\r\n\r\n%s"}, {":path", mePath}}, ""},
	{"an upgrade", []field{{"connection", "upgrade"}, {"upgrade", "h2c"}}, "%s"},
	{"an expectation", []field{{"expect", "100-continue"}, {"content-length", "0"}}, "%s"},
	{"no lie", nil, "%s"},
}

// What HTTP/2 carries is rewritten by the proxy, and nothing in it becomes a request.
func TestSmugglingOverHTTP2ThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		victim := f.shop.asBrowser(t)
		f.mustSpeakHTTP2(t)
		for n, s := range streams {
			for _, text := range hidden(fmt.Sprintf("smuggled-%d", n)) {
				var fields []field
				for _, part := range s.fields {
					fields = append(fields, field{strings.ReplaceAll(part.name, "%s", text), strings.ReplaceAll(part.value, "%s", text)})
				}
				f.probeHTTP2(t, 100*time.Millisecond, fields, strings.ReplaceAll(s.data, "%s", text))
				f.mustAnswerVictim(t, s.name, victim)
				f.mustAnswerVictim(t, s.name, victim)
				if strings.Contains(f.shop.Stderr.String(), "smuggled-") {
					t.Fatalf("%s: Gatehouse has answered what was hidden", s.name)
				}
			}
		}
	})
}

// mustSpeakHTTP2 makes sure that what is sent here is HTTP/2 at all.
func (f *front) mustSpeakHTTP2(t *testing.T) {
	t.Helper()
	f.probeHTTP2(t, time.Second, nil, "")
	f.shop.mustLog(t, `"route":"/accounts/logout`)
}

// probeHTTP2 sends one request to sign out, with fields that replace or follow its own, and
// waits a while for whatever comes of it.
func (f *front) probeHTTP2(t *testing.T, wait time.Duration, fields []field, data string) {
	t.Helper()
	conn := f.dial(t, somewhere, "h2")
	defer func() { _ = conn.Close() }()
	if conn.ConnectionState().NegotiatedProtocol != "h2" {
		t.Fatalf("%s does not speak HTTP/2", f.name)
	}
	const settings, headers, body, endStream, endHeaders = 4, 1, 0, 1, 4
	raw := append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(settings, 0, 0, nil)...)
	raw = append(raw, frame(headers, endHeaders, 1, block(fields))...)
	raw = append(raw, frame(body, endStream, 1, []byte(data))...)
	_, _ = conn.Write(raw) // it may be refused before its end
	_ = conn.SetReadDeadline(time.Now().Add(wait))
	_, _ = io.Copy(io.Discard, conn)
}

func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	head := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return append(binary.BigEndian.AppendUint32(head, stream), payload...)
}

// block writes the fields of a request as RFC 7541 does without any compression.
func block(more []field) (b []byte) {
	plain := []field{{":method", "POST"}, {":scheme", "https"}, {":authority", publicHost}, {":path", logoutPath}}
	for _, own := range plain {
		replaced := false
		for _, f := range more {
			replaced = replaced || f.name == own.name
		}
		if !replaced {
			b = appendField(b, own)
		}
	}
	for _, pseudo := range []bool{true, false} { // the pseudo ones must come first
		for _, f := range more {
			if strings.HasPrefix(f.name, ":") == pseudo {
				b = appendField(b, f)
			}
		}
	}
	return b
}

func appendField(b []byte, f field) []byte {
	return appendText(appendText(append(b, 0), f.name), f.value)
}

// appendText writes a length in a prefix of 7 bits, and the text.
func appendText(b []byte, text string) []byte {
	n := len(text)
	if n < 127 {
		b = append(b, byte(n))
	} else {
		b = append(b, 127)
		for n -= 127; n >= 128; n /= 128 {
			b = append(b, byte(n%128+128))
		}
		b = append(b, byte(n))
	}
	return append(b, text...)
}
