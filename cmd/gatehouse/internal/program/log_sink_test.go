package program

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
)

// A gate is a writer that waits until it is opened, as a pipe does that nobody reads.
type gate struct {
	open  chan struct{}
	mu    sync.Mutex
	lines []string // as they were written, many at once perhaps
}

func newGate() *gate { return &gate{open: make(chan struct{})} }

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lines = slices.AppendSeq(g.lines, strings.Lines(string(p)))
	return len(p), nil
}

func (g *gate) written() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.lines)
}

// passPause lets the pause after a write be over, and what is queued be written. The time is
// the bubble's: nobody waits.
func passPause() {
	time.Sleep(2 * logPause)
	synctest.Wait()
}

func lossInWords(count int) []byte { return fmt.Appendf(nil, "%d lost\n", count) }

// logLines writes n lines from one buffer, as zap does.
func logLines(t *testing.T, out io.Writer, from, n int) (lines []string) {
	t.Helper()
	var buffer []byte
	for i := from; i < from+n; i++ {
		buffer = fmt.Appendf(buffer[:0], "line %d\n", i)
		if got, err := out.Write(buffer); got != len(buffer) || err != nil {
			t.Fatalf("Write returns %d, %v", got, err)
		}
		lines = append(lines, string(buffer))
	}
	return lines
}

func TestLinesArriveWholeAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := newGate()
		sink := newLogSink(out, lossInWords)
		want := logLines(t, sink, 0, logQueue)
		close(out.open)
		if err := sink.Sync(); err != nil {
			t.Fatal(err)
		}
		want = append(want, logLines(t, sink, logQueue, 10)...)
		if err := sink.Sync(); err != nil || !slices.Equal(out.written(), want) {
			t.Errorf("Sync: %v; %d lines of %d are written, or not as they were logged", err, len(out.written()), len(want))
		}
		passPause()
	})
}

// A line that follows another soon does not cost a write of its own.
func TestLinesOfAPauseAreWrittenTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &counting{}
		sink := newLogSink(out, lossInWords)
		logLines(t, sink, 0, 1)
		synctest.Wait()
		if out.writes != 1 {
			t.Errorf("%d writes: the first line has to wait", out.writes)
		}
		logLines(t, sink, 1, 2)
		synctest.Wait()
		logLines(t, sink, 3, 1)
		passPause()
		if out.writes != 2 {
			t.Errorf("%d writes, want one more for the three lines of the pause", out.writes)
		}
	})
}

// counting counts what is written to it by one goroutine.
type counting struct{ writes int }

func (c *counting) Write(p []byte) (int, error) {
	c.writes++
	return len(p), nil
}

// The one who logs never waits; what does not fit is counted where it is missing.
func TestLostLinesAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := newGate()
		sink := newLogSink(out, lossInWords)
		want := logLines(t, sink, 0, 1)
		synctest.Wait() // the first line is being written
		want = append(want, logLines(t, sink, 1, logQueue)...)
		logLines(t, sink, 0, 7)
		want = append(want, "7 lost\n")
		close(out.open)
		passPause() // no other line is needed for the count to come
		want = append(want, logLines(t, sink, logQueue, 3)...)
		passPause()
		if got := out.written(); !slices.Equal(got, want) {
			t.Errorf("%d lines are written, want %d, and the count after the %dth", len(got), len(want), logQueue+1)
		}
	})
}

func TestSyncWaitsASecondAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := newGate()
		sink := newLogSink(out, lossInWords)
		logLines(t, sink, 0, 1)
		begun := time.Now()
		if err := sink.Sync(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("Sync returns %v after %v", err, time.Since(begun))
		}
		close(out.open)
		passPause()
	})
}

// A closed file stands for whatever cannot be written to.
func TestLogErrorsAreIgnored(t *testing.T) {
	t.Parallel()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	sink := newLogSink(file, lossInWords)
	logLines(t, sink, 0, 3)
	if err := sink.Sync(); err != nil {
		t.Error(err)
	}
}

// The line about lost lines has the shape of any other.
func TestLossIsALogLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := newGate()
		log := newLogger(out)
		log.Warn("first", zap.Int("count", 1))
		synctest.Wait()
		for range logQueue + 2 {
			log.Info("again")
		}
		close(out.open)
		if err := log.Sync(); err != nil {
			t.Fatal(err)
		}
		lines := out.written()
		first, last := lines[0], lines[len(lines)-1]
		if keys(t, first) != keys(t, last) || !strings.Contains(last, `"level":"warn"`) || !strings.Contains(last, `"msg":"log lines lost","count":2}`) {
			t.Errorf("the line is %s, others are %s", last, first)
		}
		passPause()
	})
}

// keys are the names in a line of JSON.
func keys(t *testing.T, line string) string {
	t.Helper()
	fields := map[string]any{}
	if err := json.Unmarshal([]byte(line), &fields); err != nil || !strings.HasSuffix(line, "}\n") {
		t.Fatalf("%q is not a line of JSON: %v", line, err)
	}
	for name := range fields {
		fields[name] = ""
	}
	return fmt.Sprint(fields)
}
