package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// findings are medians by the number of connections and the name of the subject.
type findings map[int]map[string]result

// reportMachine tells where and how it was measured.
func reportMachine(out io.Writer, p plan) {
	_, _ = fmt.Fprintf(out, "%d processors%s, %s/%s, %s, loopback; medians of %d rounds of %v.\n",
		runtime.NumCPU(), processorModel(), runtime.GOOS, runtime.GOARCH, runtime.Version(), p.rounds, p.length)
}

// processorModel is in brackets, or nothing where the system does not say.
func processorModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	_, rest, _ := bytes.Cut(info, []byte("model name"))
	line, _, _ := strings.Cut(string(rest), "\n")
	if name := strings.Trim(line, "\t :"); name != "" {
		return " (" + name + ")"
	}
	return ""
}

// reportRequests prints the targets with so many connections, and how they compare.
func reportRequests(out io.Writer, connections int, targets []target, found map[string]result) {
	_, _ = fmt.Fprintf(out, "\n### Connections: %d\n\n", connections)
	_, _ = fmt.Fprintln(out, "| | requests/s | p50 | p99 | CPU µs/request | compared with | requests/s to it | CPU to it | failed |")
	_, _ = fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |")
	for _, t := range targets {
		r := found[t.name]
		speed, cpu := "", ""
		if other, known := found[t.against]; known {
			speed = fmt.Sprintf("%.2f", r.perSecond/other.perSecond)
			cpu = fmt.Sprintf("%.2f", float64(r.cpu)/float64(other.cpu))
		}
		_, _ = fmt.Fprintf(out, "| %s | %.0f | %v | %v | %.1f | %s | %s | %s | %d |\n", t.name, r.perSecond,
			r.p50.Round(time.Microsecond), r.p99.Round(time.Microsecond), microseconds(r.cpu), t.against, speed, cpu, r.failed)
	}
}

// reportYardsticks prints what a refresh and a sign-in cannot do without, beside them.
func reportYardsticks(out io.Writer, connections int, found map[string]result) {
	if commit, measured := found[oneCommit]; measured {
		_, _ = fmt.Fprintf(out, "\n%s: p50 %v, p99 %v, CPU %.1f µs", oneCommit,
			commit.p50.Round(time.Microsecond), commit.p99.Round(time.Microsecond), microseconds(commit.cpu))
		compare(out, found, refresh, oneCommit, "p50", p50)
	}
	_, _ = fmt.Fprintf(out, "\n%s, %d at a time: CPU %.1f µs", oneArgon2id,
		min(connections, runtime.NumCPU()), microseconds(found[oneArgon2id].cpu))
	compare(out, found, signingIn, oneArgon2id, "CPU", cpu)
}

func compare(out io.Writer, found map[string]result, name, with, what string, figure func(result) float64) {
	end := ".\n"
	if r, measured := found[name]; measured {
		end = fmt.Sprintf("; %s of %s to it: %.2f.\n", what, name, figure(r)/figure(found[with]))
	}
	_, _ = io.WriteString(out, end)
}

// The figures of a result that are compared.
func speed(r result) float64 { return r.perSecond }
func p50(r result) float64   { return float64(r.p50) }
func cpu(r result) float64   { return float64(r.cpu) }

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
