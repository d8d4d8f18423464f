package body

import (
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"

	"gatehouse/domain"
)

// A Reader takes fields out of a body as DRF's CharField does, and collects what is
// wrong with them: after asking for every field, see err. A field that is at fault reads
// as empty.
type Reader struct {
	fields Fields
	faults []fieldFault
}

func (f Fields) Read() *Reader { return &Reader{fields: f} }

// text returns a required field of at most limit characters, trimmed as Python does it.
func (r *Reader) Text(name string, limit int) string {
	given := r.fields[name]
	trimmed := pythonStrip(given.Text.Reveal())
	return r.accept(name, given, trimmed, tooLongMessage(utf8.RuneCountInString(trimmed), limit, "characters"))
}

// optionalText is text for a field that may be missing, but not blank or null.
func (r *Reader) OptionalText(name string, limit int) (s string, given bool) {
	if !r.fields.Has(name) {
		return "", false
	}
	return r.Text(name, limit), true
}

// password returns a required password byte for byte.
func (r *Reader) Password(name string) domain.Password {
	given := r.fields[name]
	whole := given.Text.Reveal()
	return domain.NewPassword(r.accept(name, given, whole, tooLongMessage(len(whole), domain.MaxPasswordLength, "bytes")))
}

// token returns a required token, trimmed. A good one is ASCII, so its limit is in bytes
// although the message says characters, as DRF's does.
func (r *Reader) Token(name string) domain.Token {
	given := r.fields[name]
	trimmed := pythonStrip(given.Text.Reveal())
	return domain.NewToken(r.accept(name, given, trimmed, tooLongMessage(len(trimmed), domain.MaxTokenLength, "characters")))
}

// faulty yields every field that is at fault, with its value, in the order of asking.
func (r *Reader) Faulty() iter.Seq2[string, value] {
	return func(yield func(string, value) bool) {
		for _, fault := range r.faults {
			if !yield(fault.field, r.fields[fault.field]) {
				return
			}
		}
	}
}

// err returns nil or one [Refusal] with all faults, in the order of asking.
func (r *Reader) Err() error {
	if len(r.faults) == 0 {
		return nil
	}
	return fieldsError(r.faults...)
}

// accept returns s if nothing is wrong with it, else notes what is.
func (r *Reader) accept(name string, given value, s, tooLong string) string {
	messages := given.faults(s, tooLong)
	if messages == nil {
		return s
	}
	r.faults = append(r.faults, fieldFault{name, messages})
	return ""
}

// faults are the messages of CharField in its order: each of the first four alone, then
// those of all validators.
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
