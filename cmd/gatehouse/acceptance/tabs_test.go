package acceptance

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// The tabs of one browser that refresh at once all get the same new token, and any of them
// goes on with it.
func TestTabsThatRefreshAtOnce(t *testing.T) {
	t.Parallel()
	dir, env := t.TempDir(), environment("ENABLE_JWT_AUTH=true")
	importStaff(t, dir, env)
	url := serving(t, dir, env).url
	first := newBrowser()
	mustPost(t, first, url+"/accounts/api/token/", `{"username":"hana@shop.test","password":"nine copper elbows"}`)

	tabs := make([]*browser, 20)
	var all sync.WaitGroup
	for i := range tabs {
		tabs[i] = newBrowser()
		tabs[i].cookies = maps.Clone(first.cookies)
		all.Go(func() { mustPost(t, tabs[i], url+"/accounts/api/token/refresh/", "") })
	}
	all.Wait()
	for i, tab := range tabs {
		if got := signedPart(tab); got == signedPart(first) || got != signedPart(tabs[0]) {
			t.Errorf("tab %d has got %s; the first one %s, both had %s", i, got, signedPart(tabs[0]), signedPart(first))
		}
	}
	mustPost(t, tabs[len(tabs)-1], url+"/accounts/api/token/refresh/", "")
}

// signedPart is the refresh cookie without the signature: one of ES256 is another each time.
func signedPart(b *browser) string {
	token := b.cookies["refresh_token"]
	return token[:strings.LastIndexByte(token, '.')+1]
}

// mustPost sends JSON, and expects status 200.
func mustPost(t *testing.T, b *browser, url, body string) {
	t.Helper()
	got, err := b.send(http.MethodPost, url, http.Header{"Content-Type": {"application/json"}}, body)
	if err != nil || got.status != http.StatusOK {
		t.Errorf("POST %s: %v, %v", url, got, err)
	}
}
