package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
)

// report prints the medians of all rounds, and how they compare with the limit.
func report(out io.Writer, connections int, targets []target, results map[string][]result) {
	_, _ = fmt.Fprintf(out, "\n%d connections\n\n", connections)
	_, _ = fmt.Fprintln(out, "| | requests/s | p50 | p99 | CPU/request | requests/s to the limit | CPU to the limit | failed |")
	_, _ = fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, t := range targets {
		mine, limit := results[t.name], results[t.against]
		speed := median(mine, func(r result) float64 { return r.perSecond })
		cpu := median(mine, func(r result) time.Duration { return r.cpu })
		ratio, cpuRatio := "", ""
		if len(limit) > 0 {
			ratio = fmt.Sprintf("%.2f", speed/median(limit, func(r result) float64 { return r.perSecond }))
			cpuRatio = fmt.Sprintf("%.2f", float64(cpu)/float64(median(limit, func(r result) time.Duration { return r.cpu })))
		}
		failed := 0
		for _, r := range mine {
			failed += r.failed
		}
		_, _ = fmt.Fprintf(out, "| %s | %.0f | %v | %v | %v | %s | %s | %d |\n", t.name, speed,
			median(mine, func(r result) time.Duration { return r.p50 }).Round(time.Microsecond),
			median(mine, func(r result) time.Duration { return r.p99 }).Round(time.Microsecond),
			cpu.Round(100*time.Nanosecond), ratio, cpuRatio, failed)
	}
}

func median[T cmp.Ordered](results []result, figure func(result) T) T {
	var figures []T
	for _, r := range results {
		figures = append(figures, figure(r))
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}
