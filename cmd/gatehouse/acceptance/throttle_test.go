package acceptance

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Two hundred wrong passwords that come at once are counted before any is compared: no more
// than the free ones are, of somebody known or not. (The delay is long, so that none is over
// before the last of them has come.)
func TestParallelGuesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := environment("GATEHOUSE_THROTTLE_FIRST_DELAY=10m")
	importStaff(t, dir, env)
	url := serving(t, dir, env).url
	for _, username := range []string{"hana@shop.test", "nobody@shop.test"} {
		var compared, refused atomic.Int64
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				answer, err := http.Post(url+"/accounts/api/token/", "application/json",
					strings.NewReader(`{"username":"`+username+`","password":"wrong"}`))
				if err != nil {
					t.Error(err)
					return
				}
				_ = answer.Body.Close()
				switch answer.StatusCode {
				case http.StatusUnauthorized:
					compared.Add(1)
				case http.StatusTooManyRequests:
					refused.Add(1)
				}
			})
		}
		all.Wait()
		if compared.Load() != 5 || refused.Load() != 195 {
			t.Errorf("of 200 passwords of %s %d were compared and %d throttled, want 5 and 195", username, compared.Load(), refused.Load())
		}
	}
}
