package breached

import (
	"errors"
	"io"
	"os"
	"strings"
)

// sorted is one file with a line for each hash, in their order.
type sorted struct {
	file *os.File
	size int64
}

func openSorted(path string) (*sorted, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, cause(err)
	}
	s := &sorted{file, info.Size()}
	if s.size == 0 {
		_ = file.Close()
		return nil, errors.New("it is empty")
	}
	return s, nil
}

func (s *sorted) close() error { return s.file.Close() }

// contains halves the part of the file in which the hash can be. From and to are always the
// beginnings of lines.
func (s *sorted) contains(hash string) (bool, error) {
	from, to := int64(0), s.size
	for from < to {
		line, err := s.lineAt(from + (to-from)/2)
		if err != nil {
			return false, err
		}
		switch order := strings.Compare(line.hash, hash); {
		case order == 0:
			return line.seen, nil
		case order < 0:
			from = line.end
		default:
			to = line.start
		}
	}
	return false, nil
}

// A sortedLine is a line and where it is: end is where the next one begins.
type sortedLine struct {
	hash       string
	seen       bool
	start, end int64
}

// lineAt reads the line that the byte at a place belongs to.
func (s *sorted) lineAt(place int64) (line sortedLine, err error) {
	first := max(0, place-maxLine)
	window := make([]byte, min(place+maxLine, s.size)-first)
	if _, err := s.file.ReadAt(window, first); err != nil && !errors.Is(err, io.EOF) {
		return line, cause(err)
	} else if err != nil {
		return line, errors.New("the file has become shorter")
	}
	before, after := string(window[:place-first]), string(window[place-first:])
	begin := strings.LastIndexByte(before, '\n') + 1
	if begin == 0 && first > 0 {
		return line, errMalformed
	}
	rest, _, ended := strings.Cut(after, "\n")
	line.start, line.end = first+int64(begin), place+int64(len(rest))
	if ended {
		line.end++
	}
	if !ended && line.end < s.size {
		return line, errMalformed
	}
	line.hash, line.seen, err = parse(before[begin:]+rest, hashLength)
	return line, err
}

// samples is how many lines all over the file [sorted.probe] looks at, and how many at its
// beginning.
const samples = 1000

var errOrder = errors.New("its hashes are not in their order: download the list that is ordered by hash")

// probe finds a file of other hashes, one in the order of how often they were seen, and one
// that is cut off.
func (s *sorted) probe() error {
	previous := sortedLine{}
	for range samples {
		if previous.end >= s.size {
			break
		}
		line, err := s.next(previous, previous.end)
		if err != nil {
			return err
		}
		previous = line
	}
	for i := range int64(samples) {
		place := max(previous.end, s.size/samples*(i+1)-1)
		if place >= s.size {
			break
		}
		line, err := s.next(previous, place)
		if err != nil {
			return err
		}
		previous = line
	}
	_, err := s.lineAt(s.size - 1)
	return err
}

func (s *sorted) next(previous sortedLine, place int64) (sortedLine, error) {
	line, err := s.lineAt(place)
	if err == nil && line.hash <= previous.hash {
		err = errOrder
	}
	return line, err
}
