package fiberhttp_test

import (
	"sync"
	"testing"
	"time"
)

// Refusals come at a steady pace when there are very many, so that a flood of them does not
// take the processors from everybody else.
func TestManyRefusalsArePaced(t *testing.T) {
	const atOnce, turns, turn = 50, 4, 50 * time.Millisecond
	s := open(t)
	for range 5 {
		s.send(signInAs(address(1), wrong))
	}
	began := time.Now()
	var all sync.WaitGroup
	for range atOnce * turns {
		all.Go(func() {
			if got := s.send(signInAs(address(1), wrong)); got.status != 429 {
				t.Errorf("answered %v", got)
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took < (turns-1)*turn {
		t.Errorf("%d refusals came within %v", atOnce*turns, took)
	}
}
