package sqlite

import (
	"hash"
	"io"
	"strings"

	"gatehouse/domain"
)

// A backup ends with a line that holds the keyed digest of all the bytes before it. SQLite does
// not look behind the last page of a database, so it is one for every program all the same.
// Decision 0009 says why it is there and not in a table.
const (
	trailerStart  = "\ngatehouse backup 1 "
	trailerLength = int64(len(trailerStart) + 2*len(domain.Seal{}) + 1)
)

// trailer is the line for a digest to which everything has been written.
func trailer(digest hash.Hash) string {
	var seal domain.Seal
	digest.Sum(seal[:0])
	return trailerStart + seal.String() + "\n"
}

// claimed returns the trailer with which a file of this size ends, "" if it has none. Whether it
// is right shows when the bytes before it have been read.
func claimed(file io.ReaderAt, size int64) (string, error) {
	if size < trailerLength {
		return "", nil
	}
	end := make([]byte, trailerLength)
	if _, err := file.ReadAt(end, size-trailerLength); err != nil {
		return "", err
	}
	if !strings.HasPrefix(string(end), trailerStart) {
		return "", nil
	}
	return string(end), nil
}
