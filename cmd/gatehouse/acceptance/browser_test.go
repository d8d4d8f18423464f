package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gatehouse/cmd/internal/running"
)

// An answer is an HTTP response that has been read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// A browser sends requests as they are and keeps cookies. Unlike a real one it sends
// Secure cookies over http as well, as real ones do on localhost.
type browser struct {
	client  http.Client
	cookies map[string]string
	last    answer
}

func newBrowser() *browser {
	return &browser{
		client: http.Client{
			Transport:     &http.Transport{DisableCompression: true},
			Timeout:       running.Patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		cookies: map[string]string{},
	}
}

// send sends one request. A Cookie among the headers stands for the ones that are kept.
func (b *browser) send(method, url string, header http.Header, body string) (answer, error) {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body == "" {
		request.Body = http.NoBody
	}
	maps.Copy(request.Header, header)
	if request.Header.Get("Cookie") == "" && len(b.cookies) > 0 {
		request.Header.Set("Cookie", b.cookieHeader())
	}
	response, err := b.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	b.last = answer{response.StatusCode, response.Header, content}
	b.keepCookies()
	return b.last, err
}

func (b *browser) cookieHeader() string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
		pairs = append(pairs, name+"="+b.cookies[name])
	}
	return strings.Join(pairs, "; ")
}

func (b *browser) keepCookies() {
	for _, line := range b.last.header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		switch {
		case err != nil:
		case cookie.MaxAge < 0: // this is what the package makes of Max-Age=0
			delete(b.cookies, cookie.Name)
		default:
			b.cookies[cookie.Name] = cookie.Value
		}
	}
}

// shownHeaders are those that String shows.
var shownHeaders = []string{
	"Access-Control-Allow-Origin", "Allow", "Cache-Control", "Content-Type", "Location", "Retry-After",
	"Set-Cookie", "WWW-Authenticate",
}

// String is the status, the headers that matter and the body, as they came.
func (a answer) String() string {
	var out strings.Builder
	fmt.Fprintln(&out, a.status)
	for _, name := range shownHeaders {
		for _, value := range a.header.Values(name) {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&out, "\n%s\n", a.body)
	return out.String()
}

// lookUp follows a path such as access, 0.email or keys.0.kid into a JSON text.
func lookUp(content []byte, path string) (string, error) {
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return "", err
	}
	for name := range strings.SplitSeq(path, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(inner) {
				return "", fmt.Errorf("there is no element %s", name)
			}
			value = inner[i]
		default:
			return "", fmt.Errorf("there is no %s", path)
		}
	}
	if value == nil {
		return "", fmt.Errorf("there is no %s", path)
	}
	return fmt.Sprint(value), nil
}
