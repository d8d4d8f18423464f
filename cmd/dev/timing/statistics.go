package main

import (
	"math"
	"slices"
	"time"
)

// leastSamples are what the normal approximation of the rank test needs.
const leastSamples = 50

// compare is the two-sided rank test of Mann and Whitney with its normal approximation and
// a correction for ties: p is the probability of samples that differ as much or more when
// nothing but chance does it, and slower how often one of a is greater than one of b.
func compare(a, b []time.Duration) (p, slower float64) {
	n, m := float64(len(a)), float64(len(b))
	sum, ties := rankSum(a, b)
	u := sum - n*(n+1)/2
	spread := math.Sqrt(n * m / 12 * (n + m + 1 - ties/((n+m)*(n+m-1))))
	if spread == 0 { // all are the same
		return 1, 0.5
	}
	z := math.Abs(u-n*m/2) / spread
	return math.Erfc(z / math.Sqrt2), u / (n * m)
}

// rankSum is the sum of the ranks of a among both, where equals share their mean rank; ties
// is the sum of t³-t over all groups of t equals.
func rankSum(a, b []time.Duration) (sum, ties float64) {
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	mine := slices.Sorted(slices.Values(a))
	for begin := 0; begin < len(all); {
		end := begin + 1
		for end < len(all) && all[end] == all[begin] {
			end++
		}
		t := float64(end - begin)
		ties += t*t*t - t
		low, _ := slices.BinarySearch(mine, all[begin])
		high, _ := slices.BinarySearch(mine, all[begin]+1)
		sum += float64(high-low) * (float64(begin+end) + 1) / 2
		begin = end
	}
	return sum, ties
}

func median(of []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// detectable is the shift of one kind against another that the test finds at the level with
// a probability of 99 %, for samples that are spread like these. It is found by trying:
// shifting the samples and asking how strongly they then differ from themselves.
func detectable(of []time.Duration, level float64) time.Duration {
	const power = 2.326 // the 99th percentile of the normal distribution
	need := math.Erfc((quantile(1-level/2) + power) / math.Sqrt2)
	return shiftFor(of, need)
}

func shiftFor(of []time.Duration, need float64) time.Duration {
	low, high := time.Duration(0), time.Second
	for high-low > 100*time.Nanosecond {
		middle := (low + high) / 2
		shifted := make([]time.Duration, len(of))
		for i, took := range of {
			shifted[i] = took + middle
		}
		if p, _ := compare(shifted, of); p < need {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// quantile of the normal distribution.
func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
