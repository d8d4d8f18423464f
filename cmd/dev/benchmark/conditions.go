package main

import (
	"fmt"
	"io"
	"time"
)

// A condition is how a server of the service is after all the requests.
type condition struct {
	name           string
	startUp        time.Duration
	resident, peak int64 // bytes
}

func (f *fleet) conditions() (all []condition, err error) {
	for _, s := range f.gatehouses() {
		c := condition{name: s.name, startUp: s.startUp}
		if c.resident, c.peak, err = memory(s.Pid()); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func reportConditions(out io.Writer, all []condition) {
	_, _ = fmt.Fprint(out, "\n### Start and memory\n\n| | exec to first answer | resident after the run | most ever resident |\n| --- | ---: | ---: | ---: |\n")
	for _, c := range all {
		_, _ = fmt.Fprintf(out, "| %s | %v | %.0f MB | %.0f MB |\n",
			c.name, c.startUp.Round(time.Millisecond), megabytes(c.resident), megabytes(c.peak))
	}
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }
