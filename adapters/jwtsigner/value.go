package jwtsigner

import (
	"strconv"
	"time"
)

// maxTime is the last second of the year 9999: later times have no spelling in RFC 3339.
const maxTime = 253402300799

// time reads seconds since 1970 (RFC 7519, NumericDate). Fractions are cut off, as PyJWT
// does. It reports false for anything but a number from 0 to maxTime.
func (v value) time() (time.Time, bool) {
	seconds, err := strconv.ParseFloat(v.text, 64)
	if v.kind != numberKind || err != nil || seconds < 0 || seconds > maxTime {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// positive reads a whole number from 1 on, written as one.
func (v value) positive() (int64, bool) {
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, v.kind == numberKind && err == nil && n > 0
}

// texts reads one string, or a list of strings.
func (v value) texts() ([]string, bool) {
	if v.kind == textKind {
		return []string{v.text}, true
	}
	var all []string
	s := scanner{source: v.text}
	ok := s.list(func(item value) bool {
		all = append(all, item.text)
		return item.kind == textKind
	})
	return all, ok
}
