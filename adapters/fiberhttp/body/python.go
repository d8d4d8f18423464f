package body

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// pythonStrip trims as Python's str.strip does: Unicode white space, and the control characters
// U+001C to U+001F, which Unicode does not count as white space.
func pythonStrip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f'
	})
}

// pythonInt returns str(int(literal)) of a JSON integer.
func pythonInt(literal string) string {
	if literal == "-0" {
		return "0"
	}
	return literal
}

// pythonFloat returns str(float(literal)) of a JSON number: the fewest digits that give the same
// float again. It is a decimal from 0.0001 to below 10¹⁶, and has an exponent outside of that.
func pythonFloat(literal string) string {
	f, _ := strconv.ParseFloat(literal, 64) // out of range is an infinity, as in Python
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case size != 0 && size < 1e-4 || size >= 1e16:
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	decimal := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(decimal, ".") {
		decimal += ".0"
	}
	return decimal
}

// pythonType names the Python type of a JSON value of this kind.
func pythonType(k kind) string {
	switch k {
	case kindBoolean:
		return "bool"
	case kindInteger:
		return "int"
	case kindFloat:
		return "float"
	case kindText:
		return "str"
	case kindList:
		return "list"
	}
	return "dict"
}
