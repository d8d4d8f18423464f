package domain_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func refusalOf(account, what string) domain.RefusalOrigin {
	return domain.RefusalOriginOf(domain.AccountKey(account), what, porttest.Client().Address)
}

// Of all that was refused, none is lost from the count: not when an origin gives way, when what
// was told could not be written, or when there are too many accounts.
func TestRefusalsCountAll(t *testing.T) {
	var refusals domain.Refusals
	counted, told := 0, 0
	show := func(origin domain.RefusalOrigin, now time.Time) {
		counted++
		if refusals.Quiet(origin, now) {
			_ = refusals.LeaveOut(origin, now)
			return
		}
		leftOut, tells := refusals.Tell(origin, now)
		switch {
		case tells && counted%7 == 0:
			refusals.Untell(origin, leftOut, now)
		case tells:
			told += leftOut + 1
		}
	}
	now := noon
	for n := range 30_000 {
		show(refusalOf("one", fmt.Sprint(n%15)), now)
		show(refusalOf(fmt.Sprint(n), "session"), now)
		now = now.Add(11 * time.Millisecond) // no part of a minute: after one, another origin takes the place
	}
	for told < counted && now.Before(noon.Add(24*time.Hour)) {
		now = now.Add(time.Minute)
		for n := range 10 {
			counted++
			leftOut, tells := refusals.Tell(refusalOf("one", fmt.Sprint(n)), now)
			if !tells {
				t.Fatalf("origin %d is not told of after a minute", n)
			}
			told += leftOut + 1
		}
		for n := range 20_000 { // the other accounts give way
			origin := refusalOf(fmt.Sprint("late", n), "session")
			if leftOut, tells := refusals.Tell(origin, now); tells {
				counted, told = counted+1, told+leftOut+1
			}
		}
	}
	if told != counted {
		t.Errorf("%d were refused, and %d told of", counted, told)
	}
}

// Ten origins of an account are told of in a minute, each once. After it an idle one gives way, and what was
// left out of it is told with the next.
func TestRefusalsOfTenOrigins(t *testing.T) {
	var refusals domain.Refusals
	const last = time.Minute - time.Millisecond
	for n := range 10 {
		origin := refusalOf("one", fmt.Sprint(n))
		if refusals.Quiet(origin, noon) {
			t.Errorf("origin %d is quiet from the beginning", n)
		}
		if leftOut, told := refusals.Tell(origin, noon); !told || leftOut != 0 {
			t.Errorf("origin %d is told of: %t, with %d more", n, told, leftOut)
		}
		if !refusals.Quiet(origin, noon.Add(last)) {
			t.Errorf("origin %d is told of twice in a minute", n)
		}
		if err := refusals.LeaveOut(origin, noon.Add(last)); err != nil {
			t.Errorf("origin %d: %v", n, err)
		}
	}
	eleventh := refusalOf("one", "10")
	if _, told := refusals.Tell(eleventh, noon.Add(last)); told || !refusals.Quiet(eleventh, noon.Add(last)) {
		t.Error("an eleventh origin is told of in the minute")
	}
	after := noon.Add(time.Minute)
	if refusals.Quiet(eleventh, after) {
		t.Error("the eleventh origin is quiet after the minute")
	}
	if leftOut, told := refusals.Tell(eleventh, after); !told || leftOut != 2 {
		t.Errorf("after the minute: told %t, with %d more, want 2: one of it and one of the origin that gave way", told, leftOut)
	}
}

// A clock that is put back makes nobody quiet for long.
func TestRefusalsWhenTheClockIsPutBack(t *testing.T) {
	var refusals domain.Refusals
	origin := refusalOf("one", "session")
	_, _ = refusals.Tell(origin, noon)
	if refusals.Quiet(origin, noon.Add(-time.Hour)) {
		t.Error("an hour earlier it is quiet")
	}
	now := noon.Add(-30 * time.Second)
	var err error
	for range 30 {
		err = refusals.LeaveOut(origin, now)
	}
	throttled, _ := errors.AsType[*domain.Throttled](err)
	if throttled == nil || throttled.RetryAfter > 2*time.Minute {
		t.Errorf("to wait for %+v, want two minutes at most", throttled)
	}
}

func TestLeavingOut(t *testing.T) {
	for n, want := range map[int]domain.Reason{0: "token_expired", 1: "token_expired, 1 left out", 57: "token_expired, 57 left out"} {
		if got := domain.ReasonTokenExpired.LeavingOut(n); got != want {
			t.Errorf("with %d more the reason is %q", n, got)
		}
	}
}
