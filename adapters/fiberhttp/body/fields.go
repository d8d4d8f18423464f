package body

import (
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"gatehouse/domain"
)

// A Reader takes fields out of a body as CharField of Django REST framework does. It collects the
// faults: ask for every field first, then look at [Reader.Err]. A faulty field reads as empty. A
// Reader is for one request and one goroutine.
type Reader struct {
	fields Fields
	faults []fieldFault
}

func (f Fields) Read() *Reader { return &Reader{fields: f} }

// Text returns a required field, trimmed as Python does. More than limit characters are a fault.
func (r *Reader) Text(name string, limit int) string {
	given := r.fields[name]
	trimmed := pythonStrip(given.Text.Reveal())
	return r.accept(name, given, trimmed, tooLongMessage(utf8.RuneCountInString(trimmed), limit, "characters"))
}

// OptionalText is [Reader.Text] for a field that may be missing. Blank or null is still a fault.
func (r *Reader) OptionalText(name string, limit int) (s string, given bool) {
	if !r.fields.Has(name) {
		return "", false
	}
	return r.Text(name, limit), true
}

// Password returns a required password of at most [domain.MaxPasswordLength] bytes. It is not
// trimmed, but one of white space alone is a fault.
func (r *Reader) Password(name string) domain.Password {
	given := r.fields[name]
	whole := given.Text.Reveal()
	return domain.NewPassword(r.accept(name, given, whole, tooLongMessage(len(whole), domain.MaxPasswordLength, "bytes")))
}

// Token returns a required token of at most [domain.MaxTokenLength] bytes, trimmed. The message says
// characters, as Django REST framework does: in a good token each is one byte.
func (r *Reader) Token(name string) domain.Token {
	given := r.fields[name]
	trimmed := pythonStrip(given.Text.Reveal())
	return domain.NewToken(r.accept(name, given, trimmed, tooLongMessage(len(trimmed), domain.MaxTokenLength, "characters")))
}

// Faulty yields the name and the value of every faulty field, in the order of asking.
func (r *Reader) Faulty() iter.Seq2[string, value] {
	return func(yield func(string, value) bool) {
		for _, fault := range r.faults {
			if !yield(fault.field, r.fields[fault.field]) {
				return
			}
		}
	}
}

// Err returns nil, or one [*Refusal] (400) with all faults in the order of asking.
func (r *Reader) Err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return fieldsError(r.faults...)
}

// accept returns s, or notes what is wrong with it and returns "".
func (r *Reader) accept(name string, given value, s, tooLong string) string {
	messages := given.faults(s, tooLong)
	if messages == nil {
		return s
	}
	r.faults = append(r.faults, fieldFault{name, messages})
	return ""
}

// faults are the messages of CharField in its order. The first four come alone; those of the
// validators come together.
func (v value) faults(s, tooLong string) (messages []string) {
	switch v.kind {
	case kindAbsent:
		return []string{"This field is required."}
	case kindNull:
		return []string{"This field may not be null."}
	case kindBoolean, kindList, kindObject, kindFile:
		return []string{"Not a valid string."}
	}
	if pythonStrip(s) == "" {
		return []string{"This field may not be blank."}
	}
	if tooLong != "" {
		messages = append(messages, tooLong)
	}
	if strings.ContainsRune(s, 0) {
		messages = append(messages, "Null characters are not allowed.")
	}
	if v.surrogate != 0 {
		messages = append(messages, fmt.Sprintf("Surrogate characters are not allowed: U+%X.", v.surrogate))
	}
	return messages
}

func tooLongMessage(size, limit int, unit string) string {
	if size <= limit {
		return ""
	}
	return fmt.Sprintf("Ensure this field has no more than %d %s.", limit, unit)
}
