package sqlite

import (
	"database/sql"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"gatehouse/domain"
)

// unavailable wraps an error of the driver: the caller has made no mistake.
func unavailable(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %w", domain.ErrUnavailable, operation, err)
}

// absent turns the lack of a row into missing, and anything else into [unavailable].
func absent(missing error, operation string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	return unavailable(operation, err)
}

// isCode reports whether err is the driver's error with one of the result codes
// (https://www.sqlite.org/rescode.html), primary or extended.
func isCode(err error, wanted ...int) bool {
	failure, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return false
	}
	for _, code := range wanted {
		if failure.Code() == code || failure.Code()&0xff == code {
			return true
		}
	}
	return false
}

func isDuplicate(err error) bool { return isCode(err, codes.SQLITE_CONSTRAINT_UNIQUE) }

func isLocked(err error) bool { return isCode(err, codes.SQLITE_BUSY, codes.SQLITE_LOCKED) }

func isReadOnly(err error) bool {
	return isCode(err, codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_FULL, codes.SQLITE_IOERR)
}

func isDamaged(err error) bool { return isCode(err, codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB) }
