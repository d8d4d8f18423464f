package pages

import (
	"bytes"
	_ "embed" // the English texts
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Texts are the texts of the pages in one language. The zero Texts are English.
type Texts struct{ byKey map[string]string }

//go:embed en.json
var englishTexts []byte

// MaxTextsSize is the most bytes that a file of texts may have.
const MaxTextsSize = 64 << 10

// ParseTexts reads a JSON object of texts by key, in UTF-8. It must have exactly the keys of en.json,
// and each text the same places ({0}) as the English one. The error names every mistake, and
// completes a sentence that starts with the name of the file.
func ParseTexts(content []byte) (Texts, error) {
	english, err := readTexts(englishTexts)
	if err != nil {
		return Texts{}, err
	}
	given, err := readTexts(content)
	if err != nil {
		return Texts{}, err
	}
	return Texts{given}, given.fits(english)
}

type textTable map[string]string

func readTexts(content []byte) (table textTable, err error) {
	if len(content) > MaxTextsSize {
		return nil, fmt.Errorf("is larger than %d KB", MaxTextsSize>>10)
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors put it there
	if !utf8.Valid(content) {
		return nil, errors.New("is not in UTF-8")
	}
	if err := json.Unmarshal(content, &table); err != nil {
		return nil, fmt.Errorf("is not a JSON object of texts: see line %d", lineOf(content, err))
	}
	return table, nil
}

// lineOf is the number of the line where the JSON is wrong.
func lineOf(content []byte, err error) int {
	offset := int64(0)
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = wrong.Offset
	} else if other, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = other.Offset
	}
	return 1 + bytes.Count(content[:offset], []byte("\n"))
}

var (
	placeInText  = regexp.MustCompile(`\{[0-9]\}`)
	languageName = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

func (table textTable) fits(english textTable) error {
	var problems []string
	for key, text := range english {
		own, there := table[key]
		switch {
		case !there || strings.TrimSpace(own) == "":
			problems = append(problems, key+" is missing")
		case !slices.Equal(places(own), places(text)):
			problems = append(problems, key+" must have the places "+strings.Join(places(text), " "))
		}
	}
	for key := range table {
		if _, known := english[key]; !known {
			problems = append(problems, key+" is not a text of the pages")
		}
	}
	if !languageName.MatchString(table["lang"]) {
		problems = append(problems, "lang is not a language such as en or mi")
	}
	if dir := table["dir"]; dir != "ltr" && dir != "rtl" {
		problems = append(problems, "dir is neither ltr nor rtl")
	}
	if table["time"] != "" && !tellsDays(table["time"]) {
		problems = append(problems, "time does not show when: write it as 2006-01-02 15:04")
	}
	if problems == nil {
		return nil
	}
	slices.Sort(problems)
	return errors.New(strings.Join(problems, "; "))
}

// tellsDays reports whether a layout shows the date: two days must not look alike.
func tellsDays(layout string) bool {
	day := time.Date(2006, time.January, 2, 15, 4, 5, 0, time.UTC)
	return day.Format(layout) != day.AddDate(11, 10, 26).Format(layout)
}

func places(text string) []string {
	found := placeInText.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Say returns the text with the key, with the arguments in its places: the first in {0}.
func (t Texts) say(key string, arguments ...string) string {
	text := t.byKey[key]
	for i, argument := range arguments {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", argument)
	}
	return text
}

// has reports whether there is a text with the key.
func (t Texts) Has(key string) bool { return t.byKey[key] != "" }

// orEnglish returns the texts, or the English ones if they are zero.
func (t Texts) orEnglish() Texts {
	if t.byKey != nil {
		return t
	}
	english, err := ParseTexts(englishTexts)
	if err != nil {
		panic(err) // a part of the program is missing
	}
	return english
}

// A Moment is a time in words for people (Text) and in RFC 3339 for programs (Machine).
type moment struct{ Text, Machine string }

// Moment writes the time as the clocks of the shop show it.
func (p *Pages) Moment(at time.Time) moment {
	return moment{at.In(p.TimeZone).Format(p.Say("time")), at.UTC().Format(time.RFC3339)}
}

// Wait says how long that is: up to two minutes in seconds, then in minutes, rounded up.
func (t Texts) Wait(seconds int) string {
	const minute = 60
	if seconds <= 2*minute {
		return t.say("problem.seconds", strconv.Itoa(seconds))
	}
	return t.say("problem.minutes", strconv.Itoa((seconds+minute-1)/minute))
}
