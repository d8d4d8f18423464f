package breached

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxRange is the size of the largest file of a range, in bytes: a hundred times what they
// have.
const maxRange = 4 << 20

// folder has a file for each range of hashes.
type folder struct {
	path string
}

func openFolder(path string) (*folder, error) {
	directory, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer func() { _ = directory.Close() }()
	for {
		entries, err := directory.ReadDir(1000)
		for _, entry := range entries {
			if isRange(entry.Name()) {
				return &folder{path}, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil, errors.New("no file in it is called by five hex digits, such as 21BD1.txt")
		}
		if err != nil {
			return nil, cause(err)
		}
	}
}

func isRange(name string) bool {
	digits := strings.TrimSuffix(name, ".txt")
	return len(digits) == prefixLength && strings.Trim(digits, hexDigits) == ""
}

func (f *folder) close() error { return nil }

func (f *folder) contains(hash string) (found bool, err error) {
	prefix, rest := hash[:prefixLength], hash[prefixLength:]
	err = f.read(prefix, func(line string, seen bool) {
		if line == rest {
			found = seen
		}
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("a range is missing: the download is not complete")
	}
	return found && err == nil, err
}

// read calls do for each line of a range. A file without lines is not as it should be: each
// range has hundreds.
func (f *folder) read(prefix string, do func(rest string, seen bool)) error {
	file, err := f.open(prefix)
	if err != nil {
		return cause(err)
	}
	defer func() { _ = file.Close() }()
	limited := &io.LimitedReader{R: file, N: maxRange + 1}
	scanner := bufio.NewScanner(limited)
	lines := 0
	for scanner.Scan() {
		rest, seen, err := parse(scanner.Text(), hashLength-prefixLength)
		if err != nil {
			return errRange
		}
		do(rest, seen)
		lines++
	}
	switch {
	case scanner.Err() != nil:
		return cause(scanner.Err())
	case limited.N == 0 || lines == 0:
		return errRange
	}
	return nil
}

var errRange = fmt.Errorf("a file of a range is not lines of %d hex digits, a colon and a number", hashLength-prefixLength)

// open tries the names that downloaders give.
func (f *folder) open(prefix string) (file *os.File, err error) {
	for _, name := range []string{prefix + ".txt", prefix, strings.ToLower(prefix) + ".txt", strings.ToLower(prefix)} {
		if file, err = os.Open(filepath.Join(f.path, name)); !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
	}
	return nil, err
}

// sampledRanges is how many ranges [folder.probe] reads.
const sampledRanges = 64

// probe reads some of the files that are there.
func (f *folder) probe() error {
	directory, err := os.Open(f.path)
	if err != nil {
		return cause(err)
	}
	defer func() { _ = directory.Close() }()
	entries, err := directory.ReadDir(sampledRanges)
	if err != nil {
		return cause(err)
	}
	for _, entry := range entries {
		if !isRange(entry.Name()) {
			continue
		}
		if err := f.read(strings.ToUpper(strings.TrimSuffix(entry.Name(), ".txt")), func(string, bool) {}); err != nil {
			return err
		}
	}
	return nil
}

// allRanges is how many ranges there are.
const allRanges = 1 << (4 * prefixLength)

// Missing reports whether ranges are missing in the folder at path, as far as a sample
// tells. Passwords of a range that is missing cannot be checked.
func Missing(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	f := &folder{path}
	for i := range sampledRanges {
		file, err := f.open(fmt.Sprintf("%05X", (allRanges-1)/(sampledRanges-1)*i))
		if errors.Is(err, fs.ErrNotExist) {
			return true
		}
		if err == nil {
			_ = file.Close()
		}
	}
	return false
}
