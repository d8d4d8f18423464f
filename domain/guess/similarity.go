package guess

import (
	"strings"
	"unicode"
)

// maxSimilarity is the default of Django's UserAttributeSimilarityValidator.
const maxSimilarity = 0.7

// tooSimilar is the rule of Django's UserAttributeSimilarityValidator. It compares the password,
// in lower case, with each attribute and each word of it.
func tooSimilar(password string, attributes []string) bool {
	text := []rune(pythonLower(password))
	for _, attribute := range attributes {
		lower := pythonLower(attribute)
		for _, part := range append(strings.FieldsFunc(lower, notOfWord), lower) {
			value := []rune(part)
			if !muchLonger(len(text), len(value)) && quickRatio(text, value) >= maxSimilarity {
				return true
			}
		}
	}
	return false
}

// muchLonger reports whether the password is too long to be similar to the value. Then the ratio
// need not be computed.
func muchLonger(password, value int) bool {
	return password >= 10*value && float64(value) < maxSimilarity/2*float64(password)
}

// quickRatio is that of Python's difflib.SequenceMatcher: the share of characters that two texts
// have in common, in any order.
func quickRatio(a, b []rune) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	left := map[rune]int{}
	for _, r := range b {
		left[r]++
	}
	matches := 0
	for _, r := range a {
		if left[r] > 0 {
			left[r]--
			matches++
		}
	}
	return 2 * float64(matches) / float64(len(a)+len(b))
}

// pythonLower is Python's str.lower. It makes two characters of U+0130, and strings.ToLower one.
func pythonLower(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "\u0130", "i\u0307"))
}

// notOfWord reports whether r is outside of \w in Python.
func notOfWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' }
