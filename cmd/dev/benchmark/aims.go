package main

import (
	"fmt"
	"io"
)

// An aim is a bound on a figure. The figure is not there if it was not measured.
type aim struct {
	text    string
	figure  func(findings, []condition) (value float64, measured bool)
	atLeast bool // the bound is the least, not the most
	bound   float64
	unit    string
}

// The connections at which the aims are judged.
const alone, busy = 1, 64

func aims() []aim {
	return []aim{
		{"refresh: requests/s of the limit's", ratio(busy, refresh, limit, speed), true, 0.6, ""},
		{"refresh: CPU of the limit's", ratio(busy, refresh, limit, cpu), false, 1.7, ""},
		{"refresh with rotation: requests/s of the limit's", ratio(busy, refreshRotate, limit, speed), true, 0.5, ""},
		{"me/: requests/s of a limit that verifies", ratio(busy, me, verifyLimit, speed), true, 0.75, ""},
		{"guard: CPU of me/", ratio(busy, guard, me, cpu), false, 1.15, ""},
		{"token/verify/: requests/s of a limit that verifies", ratio(busy, verify, verifyLimit, speed), true, 0.75, ""},
		{"refresh, 1 connection: p50 of one fsynced commit's", ratio(alone, refresh, oneCommit, p50), false, 1.5, ""},
		{"sign-in: CPU of one Argon2id's", ratio(busy, signingIn, oneArgon2id, cpu), false, 1.05, ""},
		{"growth, 1 connection: p50 of the empty database's", ratio(alone, refreshGrown, refresh, p50), false, 1.3, ""},
		{"growth, 1 connection: CPU of the empty database's", ratio(alone, refreshGrown, refresh, cpu), false, 1.3, ""},
		{"growth: p50 of the empty database's", ratio(busy, refreshGrown, refresh, p50), false, 1.3, ""},
		{"growth: CPU of the empty database's", ratio(busy, refreshGrown, refresh, cpu), false, 1.3, ""},
		{"most memory ever resident", worst(func(c condition) float64 { return megabytes(c.peak) }), false, 150, " MB"},
		{"start-up", worst(func(c condition) float64 { return c.startUp.Seconds() }), false, 1, " s"},
	}
}

// ratio compares two subjects at so many connections.
func ratio(connections int, name, with string, figure func(result) float64) func(findings, []condition) (float64, bool) {
	return func(found findings, _ []condition) (float64, bool) {
		mine, measured := found[connections][name]
		other, known := found[connections][with]
		if !measured || !known {
			return 0, false
		}
		return figure(mine) / figure(other), true
	}
}

// worst is the largest figure of any server.
func worst(figure func(condition) float64) func(findings, []condition) (float64, bool) {
	return func(_ findings, all []condition) (most float64, measured bool) {
		for _, c := range all {
			most = max(most, figure(c))
		}
		return most, len(all) > 0
	}
}

func reportAims(out io.Writer, found findings, servers []condition) {
	_, _ = fmt.Fprintf(out, "\n### Aims\n\nAt %d connections where nothing else is said.\n\n| | figure | aim | |\n| --- | ---: | ---: | --- |\n", busy)
	for _, a := range aims() {
		value, verdict := a.judge(found, servers)
		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s |\n", a.text, value, a.wanted(), verdict)
	}
}

func (a aim) wanted() string {
	if a.atLeast {
		return fmt.Sprintf("at least %v%s", a.bound, a.unit)
	}
	return fmt.Sprintf("at most %v%s", a.bound, a.unit)
}

func (a aim) judge(found findings, servers []condition) (figure, verdict string) {
	value, measured := a.figure(found, servers)
	if !measured {
		return "", "not measured"
	}
	figure = fmt.Sprintf("%.3g%s", value, a.unit)
	if met := a.atLeast && value >= a.bound || !a.atLeast && value <= a.bound; !met {
		return figure, "**not met**"
	}
	return figure, "met"
}
