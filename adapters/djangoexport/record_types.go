package djangoexport

import (
	"slices"
	"strings"
	"time"

	"gatehouse/domain"
)

func (r *record) text(name string) domain.Said[string] {
	switch v := r.values[name]; v.kind {
	case absent:
		return domain.Said[string]{}
	case text, cell:
		return domain.Says(v.text)
	default:
		return domain.CannotBeRead[string](v.complaint("is not text"))
	}
}

// convert goes on with the value, if there is one.
func convert[T comparable](said domain.Said[string], value func(string) domain.Said[T]) domain.Said[T] {
	if !said.Given() {
		return domain.Said[T]{Form: said.Form, Why: said.Why}
	}
	return value(said.Value)
}

// preferredName cannot tell null from empty text in CSV: it is null there.
func (r *record) preferredName() domain.Said[domain.PreferredName] {
	if r.values["preferred_name"].empty() {
		return domain.SaysEmpty[domain.PreferredName]()
	}
	return convert(r.text("preferred_name"), func(name string) domain.Said[domain.PreferredName] {
		return domain.Says(domain.PreferredName{Name: name, Has: true})
	})
}

func (r *record) flag(name string) domain.Said[bool] {
	switch v := r.values[name]; {
	case v.kind == absent:
		return domain.Said[bool]{}
	case v.empty():
		return domain.SaysEmpty[bool]()
	case v.kind == boolean:
		return domain.Says(v.flag)
	case v.kind == cell && slices.Contains([]string{"True", "true", "TRUE", "1", "t"}, v.text):
		return domain.Says(true)
	case v.kind == cell && slices.Contains([]string{"False", "false", "FALSE", "0", "f"}, v.text):
		return domain.Says(false)
	default:
		return domain.CannotBeRead[bool](v.complaint("is neither true nor false"))
	}
}

// date takes the day as it is written, whatever the zone.
func (r *record) date(name string) domain.Said[domain.Date] {
	v := r.values[name]
	switch {
	case v.kind == absent:
		return domain.Said[domain.Date]{}
	case v.empty(), v.kind == text && v.text == "":
		return domain.SaysEmpty[domain.Date]()
	case v.kind == text, v.kind == cell:
		if date, ok := parseDay(v.text); ok {
			return domain.Says(date)
		}
	}
	return domain.CannotBeRead[domain.Date](v.complaint("is not a date like 2020-01-31"))
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
