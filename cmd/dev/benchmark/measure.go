package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A result is one round of one subject, or the medians of several.
type result struct {
	perSecond float64
	p50, p99  time.Duration
	cpu       time.Duration // of the process that works, for each time
	failed    int
}

// A subject is something that is done again and again, and measured in turn with others.
type subject struct {
	name    string
	process int // whose processor time it takes
	workers int // do it at the same time
	hire    func(n int) work
}

// A work does it once. Each worker has its own.
type work func() error

// measureInTurns gives every subject its turn in every round, and returns medians by name.
func measureInTurns(ctx context.Context, all []subject, rounds int, length time.Duration) (map[string]result, error) {
	results := map[string][]result{}
	for range rounds {
		for _, s := range all {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r, err := s.measure(length)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			results[s.name] = append(results[s.name], r)
		}
	}
	medians := map[string]result{}
	for name, several := range results {
		medians[name] = medianOf(several)
	}
	return medians, nil
}

// measure lets every worker work as fast as it can.
func (s subject) measure(length time.Duration) (result, error) {
	before, err := processorTime(s.process)
	if err != nil {
		return result{}, err
	}
	begin := time.Now()
	latencies, failed := s.work(begin.Add(length))
	elapsed := time.Since(begin)
	after, err := processorTime(s.process)
	if err != nil {
		return result{}, err
	}
	if len(latencies) == 0 {
		return result{}, errors.New("it has not succeeded once")
	}
	return result{
		perSecond: float64(len(latencies)) / elapsed.Seconds(),
		p50:       latencies[len(latencies)/2],
		p99:       latencies[len(latencies)*99/100],
		cpu:       (after - before) / time.Duration(len(latencies)),
		failed:    failed,
	}, nil
}

// work returns how long each success took, in order, and how many failed.
func (s subject) work(until time.Time) (latencies []time.Duration, failed int) {
	each, failures := make([][]time.Duration, s.workers), make([]int, s.workers)
	var all sync.WaitGroup
	for n := range s.workers {
		do := s.hire(n)
		all.Go(func() { each[n], failures[n] = repeat(do, until) })
	}
	all.Wait()
	for _, n := range failures {
		failed += n
	}
	return slices.Sorted(slices.Values(slices.Concat(each...))), failed
}

// pause is how long a worker waits after a failure: a service that is asked for more than
// it can do would otherwise be busy with saying so.
const pause = 100 * time.Millisecond

func repeat(do work, until time.Time) (latencies []time.Duration, failed int) {
	for begin := time.Now(); begin.Before(until); begin = time.Now() {
		if do() != nil {
			failed++
			time.Sleep(pause)
			continue
		}
		latencies = append(latencies, time.Since(begin))
	}
	return latencies, failed
}

// medianOf takes the median of each figure, and the sum of the failures.
func medianOf(several []result) (m result) {
	m.perSecond = median(several, func(r result) float64 { return r.perSecond })
	m.p50 = median(several, func(r result) time.Duration { return r.p50 })
	m.p99 = median(several, func(r result) time.Duration { return r.p99 })
	m.cpu = median(several, func(r result) time.Duration { return r.cpu })
	for _, r := range several {
		m.failed += r.failed
	}
	return m
}

func median[T cmp.Ordered](several []result, figure func(result) T) T {
	var figures []T
	for _, r := range several {
		figures = append(figures, figure(r))
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}
