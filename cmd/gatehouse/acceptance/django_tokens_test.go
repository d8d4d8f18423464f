//go:build system

package acceptance

import (
	"net/http"
	"strings"
	"testing"
)

// A real Django with SimpleJWT takes our tokens unchanged, signed with the shared secret or with
// a key that it gets by JWK_URL, in a cookie or in a header. The last cookie of a name counts for it.
func TestDjangoTakesOurTokens(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"HS256", "ES256"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			shop := newShop(t, "ALGORITHM="+algorithm, "SECRET_KEY="+sharedSecret, "ENABLE_JWT_AUTH=true")
			django := startDjango(t, "SHOP_ALGORITHM="+algorithm, "SHOP_JWK_URL="+shop.url+"/.well-known/jwks.json")
			good, _ := signIn(t, shop.server, hana, hanaPassword)
			bad := good[:len(good)-4] + "AAAA"
			for _, c := range []struct {
				path   string
				header http.Header
				status int
			}{
				{jobsPath, http.Header{"Cookie": {"access_token=" + good}}, 200},
				{byHeaderPath, http.Header{"Authorization": {"Bearer " + good}}, 200},
				{jobsPath, http.Header{"Cookie": {"access_token=" + bad}}, 401},
				{byHeaderPath, http.Header{"Authorization": {"Bearer " + bad}}, 401},
				{jobsPath, http.Header{"Cookie": {"access_token=" + bad + "; other=1; access_token=" + good}}, 200},
				{jobsPath, http.Header{"Cookie": {"access_token=" + good + "; other=1; access_token=" + bad}}, 401},
			} {
				got, err := django.visitor().send("GET", "http://django"+c.path, c.header, "")
				if err != nil || got.status != c.status || c.status == 200 && !strings.Contains(string(got.body), hana) {
					t.Errorf("%s with %.60v is answered %v, %v, want %d", c.path, c.header, got, err, c.status)
				}
			}
		})
	}
}
