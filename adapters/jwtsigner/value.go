package jwtsigner

import (
	"strconv"
	"time"

	"gatehouse/adapters/internal/strictjson"
)

// tokenJSON reads headers and payloads.
var tokenJSON = strictjson.Reader{MaxDepth: 16}

// readObject calls member for each member of a text that is one JSON object. It reports false once
// member does, and for a text that two readers could understand differently.
func readObject(text string, member func(name string, v strictjson.Value) bool) bool {
	object, err := tokenJSON.Read(text, func(name string, v strictjson.Value) error {
		if !member(name, v) {
			return strictjson.ErrSyntax
		}
		return nil
	})
	return err == nil && object.Kind == strictjson.Object
}

// maxTime is the last second of the year 9999: later times have no spelling in RFC 3339.
const maxTime = 253402300799

// timeOf reads seconds since 1970 (RFC 7519, NumericDate). Fractions are cut off, as PyJWT does.
// It reports false for anything but a number from 0 to maxTime.
func timeOf(v strictjson.Value) (time.Time, bool) {
	seconds, err := strconv.ParseFloat(v.Text, 64)
	if v.Kind != strictjson.Number || err != nil || seconds < 0 || seconds > maxTime {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// positive reads a whole number from 1 on, written as one.
func positive(v strictjson.Value) (int64, bool) {
	n, err := strconv.ParseInt(v.Text, 10, 64)
	return n, v.Kind == strictjson.Number && err == nil && n > 0
}

func isText(v strictjson.Value) bool { return v.Kind == strictjson.Text }

// texts reads one string, or a list of strings.
func texts(v strictjson.Value) (all []string, ok bool) {
	if isText(v) {
		return []string{v.Text}, true
	}
	ok = v.Kind == strictjson.List && v.Items(func(item strictjson.Value) error {
		if !isText(item) {
			return strictjson.ErrSyntax
		}
		all = append(all, item.Text)
		return nil
	}) == nil
	return all, ok
}
