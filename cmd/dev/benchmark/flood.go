package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"gatehouse/cmd/internal/running"
)

// floodMode is the argument that asks for a flood of sign-ins.
const floodMode = "flood"

// A flood is sign-ins that come as fast as they are answered, and in between, at a quiet
// pace, the requests of people who are signed in.
type flood struct {
	connections int
	length      time.Duration
}

// runFlood measures two floods: with the limits on wrong passwords, and without, where all
// that holds it back is what can be hashed.
func runFlood(ctx context.Context, args []string, out io.Writer) error {
	var f flood
	flags := flag.NewFlagSet(floodMode, flag.ContinueOnError)
	flags.IntVar(&f.connections, "connections", 512, "how many sign in at once")
	flags.DurationVar(&f.length, "for", 30*time.Second, "how long")
	if err := flags.Parse(args); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d connections sign in with wrong passwords for %v, each for another account; meanwhile one connection refreshes and one asks for `me/`, a hundred times a second.\n\n", f.connections, f.length)
	_, _ = fmt.Fprintln(out, "| limits | 401 | 429 | 503 | without Retry-After | refused: p50 | p99 | last | refresh: p50 | p99 | me/: p50 | p99 | failed | most memory | a sign-in afterwards |")
	_, _ = fmt.Fprintln(out, "| --- |"+strings.Repeat(" ---: |", 14))
	for _, throttle := range []string{"off", "on"} {
		if err := f.run(ctx, throttle, out); err != nil {
			return err
		}
	}
	return nil
}

func (f flood) run(ctx context.Context, throttle string, out io.Writer) error {
	fleet := &fleet{}
	defer fleet.stop()
	var err error
	if fleet.dir, err = os.MkdirTemp("", "gatehouse-benchmark-"); err != nil {
		return err
	}
	binary, err := running.Build(ctx, fleet.dir)
	if err != nil {
		return err
	}
	house := installation{binary: binary, dir: filepath.Join(fleet.dir, "data"), rotate: "false", throttle: throttle}
	if fleet.gatehouse, err = house.start(ctx, "gatehouse", f.connections); err != nil {
		return err
	}
	return f.report(fleet.gatehouse, throttle, out)
}

// answers is what connections of one sort were told, and how long that took.
type answers struct {
	mu       sync.Mutex
	statuses map[int]int
	careless int // refusals that do not say when to come again
	took     []time.Duration
	failed   int
}

func (f flood) report(s *server, throttle string, out io.Writer) error {
	until := time.Now().Add(f.length)
	var flooded, refreshed, asked answers
	var all sync.WaitGroup
	for n := range f.connections {
		body := []byte(strings.Replace(string(credentials(s.newcomer(n))), running.Password, "a wrong password", 1))
		all.Go(func() { flooded.ask(s, "/accounts/api/token/", body, "", until, 0) })
	}
	body, _ := refreshToken(s)(0)
	_, authorization := bearer(s)(0)
	all.Go(func() { refreshed.ask(s, "/accounts/api/token/refresh/", body, "", until, 10*time.Millisecond) })
	all.Go(func() { asked.ask(s, "/accounts/me/", nil, authorization, until, 10*time.Millisecond) })
	all.Wait()
	begin := time.Now()
	_, err := signIn(s.URL, 1)
	after := time.Since(begin).Round(time.Millisecond).String()
	if err != nil {
		after = err.Error()
	}
	_, peak, err := memory(s.Pid())
	_, _ = fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %v | %v | %v | %v | %v | %v | %v | %d | %.0f MB | %s |\n", throttle,
		flooded.statuses[401], flooded.statuses[429], flooded.statuses[503], flooded.careless,
		flooded.percentile(0.5), flooded.percentile(0.99), flooded.percentile(1),
		refreshed.percentile(0.5), refreshed.percentile(0.99), asked.percentile(0.5), asked.percentile(0.99),
		flooded.failed+refreshed.failed+asked.failed, megabytes(peak), after)
	return err
}

// ask repeats a request until the end, with a pause in between. Of the flood it keeps how
// long a refusal takes, of others all.
func (a *answers) ask(s *server, path string, body []byte, authorization string, until time.Time, pause time.Duration) {
	client := &fasthttp.HostClient{Addr: strings.TrimPrefix(s.URL, "http://"), MaxConns: 1}
	request, response := &fasthttp.Request{}, &fasthttp.Response{}
	t := target{server: s, method: http.MethodPost, path: path, request: func(int) ([]byte, string) { return body, authorization }}
	if body == nil {
		t.method = http.MethodGet
	}
	t.prepare(request, 0)
	for time.Now().Before(until) {
		begin := time.Now()
		err := client.Do(request, response)
		a.note(response, err, time.Since(begin), pause == 0)
		time.Sleep(pause)
	}
}

func (a *answers) note(response *fasthttp.Response, err error, took time.Duration, refusals bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.statuses == nil {
		a.statuses = map[int]int{}
	}
	status := response.StatusCode()
	refused := status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
	switch {
	case err != nil, !refusals && status != http.StatusOK:
		a.failed++
		return
	case refused == refusals:
		a.took = append(a.took, took)
	}
	if seconds, err := strconv.Atoi(string(response.Header.Peek("Retry-After"))); refused && (err != nil || seconds < 1) {
		a.careless++
	}
	a.statuses[status]++
}

func (a *answers) percentile(p float64) time.Duration {
	if len(a.took) == 0 {
		return 0
	}
	slices.Sort(a.took)
	return a.took[int(p*float64(len(a.took)-1))].Round(10 * time.Microsecond)
}
