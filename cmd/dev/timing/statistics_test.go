package main

import (
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func durations(values ...int) (all []time.Duration) {
	for _, v := range values {
		all = append(all, time.Duration(v))
	}
	return all
}

// The values were computed apart from this program, from the formulas.
func TestCompare(t *testing.T) {
	for _, test := range []struct {
		a, b      []time.Duration
		p, slower float64
	}{
		{durations(1, 2, 3), durations(4, 5, 6), 0.0495346134356269, 0},
		{durations(4, 5, 6), durations(1, 2, 3), 0.0495346134356269, 1},
		{durations(1, 3, 5), durations(2, 4, 6), 0.5126907602619235, 1.0 / 3},
		{durations(7, 7, 7), durations(7, 7, 7), 1, 0.5},
		{durations(1, 1, 2, 9), durations(1, 2, 2, 3), 0.7615176182733531, 7.0 / 16},
	} {
		p, slower := compare(test.a, test.b)
		if math.Abs(p-test.p) > 1e-9 || math.Abs(slower-test.slower) > 1e-9 {
			t.Errorf("comparing %v with %v: p %v and %v, want %v and %v", test.a, test.b, p, slower, test.p, test.slower)
		}
	}
}

// bell are samples around 30 ms.
func bell(random *rand.Rand, n int, shift time.Duration) (all []time.Duration) {
	for range n {
		all = append(all, 30*time.Millisecond+shift+time.Duration(random.NormFloat64()*float64(2*time.Millisecond)))
	}
	return all
}

// What can be detected is detected, and what is the same is not told apart.
func TestReport(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	took := map[string][]time.Duration{}
	for _, kind := range kinds {
		took[kind.name] = bell(random, 1000, 0)
	}
	if err := report(io.Discard, took); err != nil {
		t.Error(err)
	}
	level := (1 - confidence) / float64(len(kinds)-1)
	shift := detectable(took[kinds[0].name], level)
	if shift < 400*time.Microsecond || shift > 700*time.Microsecond {
		t.Errorf("%v can be detected; by the formula for two bell curves it is about 0.55 ms", shift)
	}
	missed := 0
	for range 100 {
		took[kinds[1].name] = bell(random, 1000, shift)
		if report(io.Discard, took) == nil {
			missed++
		}
	}
	if missed > 5 {
		t.Errorf("%v was missed %d times of 100, want about one", shift, missed)
	}
}
