package program

import (
	"io"
	"os"
	"sync"
	"time"
)

const (
	logQueue    = 4096                 // lines
	logPause    = 5 * time.Millisecond // between two writes
	logSyncTime = time.Second          // that Sync waits at most
)

// A logSink hands lines to a writer in order, without ever making the one who logs wait for
// it: a full disk, or a reader that has stopped reading, must not stop the service. Lines
// beyond the queue are lost, and a line in their place says how many. Lines that follow each
// other soon are written together: to wake the reader for each costs as much as a request.
// Errors of the writer are ignored, because there is nowhere to report them. It is safe for concurrent use, and
// leaves no goroutine behind once everything is written.
type logSink struct {
	out  io.Writer
	loss func(count int) []byte // makes the line about lost lines

	mu       sync.Mutex
	queue    logBatch
	draining bool // whether the goroutine runs
}

// A logBatch is what is written in one go. Lost lines came after all others in it.
type logBatch struct {
	text    []byte
	lines   int // in text
	lost    int
	waiting []chan struct{} // closed when the batch is written
}

func newLogSink(out io.Writer, loss func(count int) []byte) *logSink {
	return &logSink{out: out, loss: loss}
}

// Write implements [zapcore.WriteSyncer] for one whole line. It never fails.
func (s *logSink) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.lines < logQueue {
		s.queue.text = append(s.queue.text, line...)
		s.queue.lines++
	} else {
		s.queue.lost++
	}
	s.drain()
	return len(line), nil
}

// Sync waits until what is queued is written, for a second at most; it is
// [os.ErrDeadlineExceeded] after that.
func (s *logSink) Sync() error {
	written := make(chan struct{})
	s.mu.Lock()
	s.queue.waiting = append(s.queue.waiting, written)
	s.drain()
	s.mu.Unlock()
	select {
	case <-written:
		return nil
	case <-time.After(logSyncTime):
		return os.ErrDeadlineExceeded
	}
}

// drain starts the goroutine that writes, if it does not run. The caller holds the lock.
func (s *logSink) drain() {
	if s.draining {
		return
	}
	s.draining = true
	go func() {
		for batch, more := s.take(nil); more; batch, more = s.take(batch.text) {
			s.write(batch)
			time.Sleep(logPause)
		}
	}()
}

// take empties the queue, which goes on in the memory of a text that has been written; when
// there is nothing in the queue, the goroutine is to end.
func (s *logSink) take(written []byte) (batch logBatch, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch, s.queue = s.queue, logBatch{text: written[:0]}
	s.draining = batch.lines+len(batch.waiting) > 0
	return batch, s.draining
}

func (s *logSink) write(batch logBatch) {
	if batch.lines > 0 {
		_, _ = s.out.Write(batch.text)
	}
	if batch.lost > 0 {
		_, _ = s.out.Write(s.loss(batch.lost))
	}
	for _, written := range batch.waiting {
		close(written)
	}
}
