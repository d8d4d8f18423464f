package blocklist

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most that a file of words may have, and the least length of a word, in characters:
// shorter ones are in too many passwords.
const (
	maxWordsSize  = 1 << 20
	maxWords      = 10_000
	maxWordLength = 64
	minWordLength = 3
)

// ReadWords reads a text file with a word in each line. Empty lines, and lines that start
// with #, say nothing. An error says what is wrong and in which line, and never what stands
// there.
func ReadWords(path string) ([]string, error) {
	content, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	var words []string
	scanner := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	scanner.Buffer(nil, maxWordsSize+1)
	for number := 1; scanner.Scan(); number++ {
		word := strings.TrimSpace(scanner.Text())
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if err := checkWord(word); err != nil {
			return nil, fmt.Errorf("line %d %w", number, err)
		}
		if words = append(words, word); len(words) > maxWords {
			return nil, fmt.Errorf("there are more than %d words", maxWords)
		}
	}
	return words, scanner.Err()
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxWordsSize+1))
	switch {
	case err != nil:
		return nil, cause(err)
	case len(content) > maxWordsSize:
		return nil, errors.New("it is larger than 1 MiB")
	}
	return content, nil
}

func checkWord(word string) error {
	length := utf8.RuneCountInString(word)
	switch {
	case !utf8.ValidString(word):
		return errors.New("is not UTF-8")
	case strings.ContainsFunc(word, unicode.IsControl):
		return errors.New("has a control character")
	case length < minWordLength:
		return fmt.Errorf("is shorter than %d characters", minWordLength)
	case length > maxWordLength:
		return fmt.Errorf("is longer than %d characters", maxWordLength)
	}
	return nil
}

// cause leaves the path out, because the caller knows it.
func cause(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return failed.Err
	}
	return err
}
