package djangoexport

import (
	"errors"
	"fmt"
	"io"
)

var (
	errFileTooLong = errors.New("the file is too large for a staff export: " + howToExport)
	errRowTooLong  = errors.New("a row is too long")
)

// A boundedReader fails with errFileTooLong when r has more than left bytes. Its first
// error is its last: buffers ask again, and r might go on.
type boundedReader struct {
	r    io.Reader
	left int64
	err  error
}

func (b *boundedReader) Read(p []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // the one more tells a file that is too long from one that fits
	}
	n, b.err = b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		n, b.err = 0, errFileTooLong
	}
	return n, b.err
}

// A rowGate fails with errRowTooLong at the offset until: a quote that is never closed
// must not collect the whole file in memory.
type rowGate struct {
	r             io.Reader
	passed, until int64
	failure       error // what was returned, unless that was io.EOF
}

func (g *rowGate) Read(p []byte) (n int, err error) {
	if g.passed >= g.until {
		err = errRowTooLong
	} else {
		n, err = g.r.Read(p[:min(int64(len(p)), g.until-g.passed)])
	}
	if g.passed += int64(n); err != io.EOF {
		g.failure = err
	}
	return n, err
}

// readError tells a failing reader from our own limit. The end of the file is compared
// with == everywhere, because the error of a failing reader may wrap io.EOF.
func readError(err error) error {
	if errors.Is(err, errFileTooLong) {
		return err
	}
	return fmt.Errorf("reading the export: %w", err)
}
