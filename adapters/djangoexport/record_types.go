package djangoexport

import (
	"slices"
	"strings"
	"time"

	"gatehouse/domain"
)

func (r *record) text(name string) string {
	switch v := r.values[name]; v.kind {
	case absent, text, cell:
		return v.text
	default:
		r.wrong(name, v, "is not text")
		return ""
	}
}

// textOrNull cannot tell null from empty text in CSV: it is null there.
func (r *record) textOrNull(name string) (content string, present bool) {
	v := r.values[name]
	if !v.given() || v.kind == null {
		return "", false
	}
	content = r.text(name)
	return content, !r.blames(name)
}

func (r *record) flag(name string, otherwise bool) bool {
	v := r.values[name]
	switch {
	case !v.given():
		return otherwise
	case v.kind == boolean:
		return v.flag
	case v.kind == cell && slices.Contains([]string{"True", "true", "TRUE", "1", "t"}, v.text):
		return true
	case v.kind == cell && slices.Contains([]string{"False", "false", "FALSE", "0", "f"}, v.text):
		return false
	}
	r.wrong(name, v, "is neither true nor false")
	return otherwise
}

// date takes the day as it is written, whatever the zone.
func (r *record) date(name string) domain.Date {
	v := r.values[name]
	if !v.given() || v.kind == null || v.kind == text && v.text == "" {
		return domain.Date{}
	}
	if v.kind == text || v.kind == cell {
		if date, ok := parseDay(v.text); ok {
			return date
		}
	}
	r.wrong(name, v, "is not a date like 2020-01-31")
	return domain.Date{}
}

// parseDay reads a date, or a time as Django, Python or a database client writes it.
func parseDay(content string) (domain.Date, bool) {
	if len(content) > len(time.DateOnly) {
		for _, layout := range []string{"", "Z07:00", "Z0700", "Z07"} {
			moment := strings.Replace(content, " ", "T", 1)
			if _, err := time.Parse("2006-01-02T15:04:05"+layout, moment); err == nil {
				content = content[:len(time.DateOnly)]
				break
			}
		}
	}
	date, err := domain.ParseDate(content)
	return date, err == nil
}

func (r *record) missing(name string) {
	if r.damage == "" {
		r.problem(name, "is missing")
	}
}

// wrong complains about a value that is there: about how it is written if that is the
// trouble, and else about what it is.
func (r *record) wrong(name string, v value, complaint string) {
	if v.kind == unreadable {
		complaint = v.text
	}
	r.problem(name, complaint)
}

func (r *record) problem(name, complaint string) {
	if !r.blames(name) {
		r.problems = append(r.problems, name+" "+complaint)
	}
}

// blames reports whether there is a problem with the field already.
func (r *record) blames(name string) bool {
	return slices.ContainsFunc(r.problems, func(problem string) bool {
		return strings.HasPrefix(problem, name+" ")
	})
}
