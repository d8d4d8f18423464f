package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// A result is one round of one target.
type result struct {
	perSecond float64
	p50, p99  time.Duration
	cpu       time.Duration // of the server, per request
	failed    int
}

// measureInTurns gives every target its turn in every round.
func measureInTurns(ctx context.Context, targets []target, connections, rounds int, length time.Duration) (map[string][]result, error) {
	results := map[string][]result{}
	for range rounds {
		for _, t := range targets {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r, err := measure(t, connections, length)
			if err != nil {
				return nil, err
			}
			results[t.name] = append(results[t.name], r)
		}
	}
	return results, nil
}

// measure sends requests over so many connections, each as fast as it is answered.
func measure(t target, connections int, length time.Duration) (result, error) {
	client := &fasthttp.HostClient{Addr: strings.TrimPrefix(t.server.url, "http://"), MaxConns: connections}
	defer client.CloseIdleConnections()
	latencies := make([][]time.Duration, connections)
	var failed atomic.Int64
	before, err := processorTime(t.server.command.Process.Pid)
	if err != nil {
		return result{}, err
	}
	begin := time.Now()
	var all sync.WaitGroup
	for n := range connections {
		all.Go(func() {
			latencies[n] = hammer(client, t, n, begin.Add(length), &failed)
		})
	}
	all.Wait()
	elapsed := time.Since(begin)
	after, err := processorTime(t.server.command.Process.Pid)
	if err != nil {
		return result{}, err
	}
	sorted := slices.Sorted(slices.Values(slices.Concat(latencies...)))
	if len(sorted) == 0 {
		return result{}, fmt.Errorf("%s: nothing was answered", t.name)
	}
	return result{
		perSecond: float64(len(sorted)) / elapsed.Seconds(),
		p50:       sorted[len(sorted)/2],
		p99:       sorted[len(sorted)*99/100],
		cpu:       (after - before) / time.Duration(len(sorted)),
		failed:    int(failed.Load()),
	}, nil
}

func hammer(client *fasthttp.HostClient, t target, n int, until time.Time, failed *atomic.Int64) (latencies []time.Duration) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	body, authorization := t.request(n)
	request.SetRequestURI(t.server.url + t.path)
	request.Header.SetMethod(t.method)
	if body != nil {
		request.Header.SetContentType("application/json")
		request.SetBody(body)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	for {
		begin := time.Now()
		if begin.After(until) {
			return latencies
		}
		if err := client.Do(request, response); err != nil || response.StatusCode() != fasthttp.StatusOK {
			failed.Add(1)
			continue
		}
		latencies = append(latencies, time.Since(begin))
	}
}

// ticksPerSecond is USER_HZ, which Linux has fixed for programs.
const ticksPerSecond = 100

// processorTime is what a process has used so far, from proc(5).
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	const user, system = 11, 12
	var ticks int64
	for _, i := range []int{user, system} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond, nil
}
