package guess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastWord is how many characters a name, or a word of the place, must have to count.
const leastWord = 3

// personalWords are the person's names and address, and the parts of each.
func personalWords(attributes []string) map[string]bool {
	words := slices.Clone(attributes)
	for _, attribute := range attributes {
		local, _, _ := strings.Cut(attribute, "@")
		parts := strings.FieldsFunc(fold(attribute), func(r rune) bool { return r == '_' || notOfWord(r) })
		words = append(append(words, local), parts...)
	}
	return wordSet(words)
}

// wordSet has each word twice: as attackers compare it, and with nothing between its parts.
func wordSet(words []string) map[string]bool {
	set := map[string]bool{}
	for _, word := range words {
		folded := fold(word)
		for _, text := range []string{folded, strings.Map(withoutSymbols, folded)} {
			if utf8.RuneCountInString(text) >= leastWord {
				set[text] = true
			}
		}
	}
	return set
}

// rankIn returns a rank that is 1 for each of the words. It looks at the first byte and the
// length first, because these alone rule most texts out.
func rankIn(words map[string]bool) func(string) int {
	var lengths [256]uint64 // by the first byte, a bit for each length
	bit := func(word string) uint64 { return 1 << min(len(word), 63) }
	for word := range words {
		lengths[word[0]] |= bit(word)
	}
	return func(text string) int {
		if lengths[text[0]]&bit(text) != 0 && words[text] {
			return 1
		}
		return 0
	}
}

// fold is for comparing and never for hashing. It makes letters lower case, turns full-width
// characters into ASCII, and takes the marks off Latin letters. Each byte that is not UTF-8
// becomes U+FFFD.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if '\uff01' <= r && r <= '\uff5e' {
			r -= '\uff01' - '!'
		}
		if '\u0300' <= r && r <= '\u036f' {
			return -1
		}
		return unmarked(unicode.ToLower(r))
	}, text)
}

// marked has a group for each letter: the plain one, and then the same with marks.
const marked = "aàáâãäåāăąǎạảấầẩẫậắằẳẵặ cçćĉċč dďđḍ eèéêëēĕėęěẹẻẽếềểễệ gĝğġģ hĥħḥ iìíîïĩīĭįıỉị jĵ kķ lĺļľŀł " +
	"nñńņňṇ oòóôõöøōŏőơǒọỏốồổỗộớờởỡợ rŕŗř sśŝşšșṣ tţťŧțṭ uùúûüũūŭůűųưǔụủứừửữự wŵẁẃẅ yýÿŷỳỵỷỹ zźżžẓ"

func unmarked(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	at := strings.IndexRune(marked, r)
	if at < 0 || r == utf8.RuneError {
		return r
	}
	return rune(marked[strings.LastIndexByte(marked[:at], ' ')+1])
}
