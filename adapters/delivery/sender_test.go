package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"gatehouse/adapters/delivery"
	"gatehouse/application/credentials"
)

// work is a use case of one line.
type work func() (credentials.DeliverMailResult, error)

func (w work) Execute(context.Context, credentials.DeliverMailCommand) (credentials.DeliverMailResult, error) {
	return w()
}

// run lets a sender work for so long, and returns what it has logged.
func run(t *testing.T, long time.Duration, deliver work) (lines []string) {
	t.Helper()
	core, logged := observer.New(zapcore.InfoLevel)
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	delivery.New(delivery.UseCases{DeliverMail: deliver}, zap.New(core)).Run(ctx)
	for _, entry := range logged.TakeAll() {
		problem, _ := entry.ContextMap()["problem"].(string)
		lines = append(lines, entry.Level.String()+" "+problem)
	}
	return lines
}

func TestLettersAreLookedForOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looked := 0
		lines := run(t, time.Minute+time.Millisecond, func() (credentials.DeliverMailResult, error) {
			looked++
			return credentials.DeliverMailResult{Sent: 1}, nil
		})
		if want := int(time.Minute / delivery.Every); looked != want || len(lines) > 0 {
			t.Errorf("in a minute it has looked %d times, want %d, and logged %v", looked, want, lines)
		}
	})
}

// A problem is told once, also when others come in between, until letters go out again, which
// is told too, and is not known as long as none is due. A panic is a problem too, without its value.
func TestProblemsAreToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempt := 0
		lines := run(t, time.Minute, func() (credentials.DeliverMailResult, error) {
			attempt++
			switch {
			case attempt%2 == 0 && attempt < 40:
				return credentials.DeliverMailResult{}, nil // nothing is due
			case attempt < 10:
				return credentials.DeliverMailResult{Problem: errors.New("refused")}, nil
			case attempt < 20:
				return credentials.DeliverMailResult{}, errors.New("disk full")
			case attempt < 30:
				panic("a secret")
			case attempt < 40:
				return credentials.DeliverMailResult{Problem: errors.New("refused")}, nil
			case attempt == 50:
				return credentials.DeliverMailResult{Problem: errors.New("refused")}, nil
			}
			return credentials.DeliverMailResult{Sent: 1}, nil
		})
		want := []string{"warn refused", "warn disk full", "warn panic: string", "info ", "warn refused", "info "}
		if !slices.Equal(lines, want) {
			t.Errorf("logged is %q, want %q", lines, want)
		}
	})
}

func TestProblemsThatAreAlwaysNewFillNoLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempt := 0
		lines := run(t, time.Hour, func() (credentials.DeliverMailResult, error) {
			attempt++
			return credentials.DeliverMailResult{Problem: fmt.Errorf("problem %d", attempt)}, nil
		})
		if len(lines) != 21 || lines[0] != "warn problem 1" || lines[19] != "warn problem 20" || lines[20] != "warn " {
			t.Errorf("logged are %d lines, and the first of them %q", len(lines), lines[:min(len(lines), 25)])
		}
	})
}

// Each letter that is given up is told.
func TestLettersThatAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempt := 0
		lines := run(t, time.Minute, func() (result credentials.DeliverMailResult, err error) {
			if attempt++; attempt < 3 {
				result.Refused = []error{errors.New("not ASCII"), errors.New("nobody")}
			}
			return result, nil
		})
		if want := []string{"warn not ASCII", "warn nobody", "warn not ASCII", "warn nobody"}; !slices.Equal(lines, want) {
			t.Errorf("logged is %q, want %q", lines, want)
		}
	})
}
