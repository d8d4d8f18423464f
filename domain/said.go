package domain

// A Said is what a list says of one field of a person. The zero Said stands for a list without
// that field.
type Said[T comparable] struct {
	Form SaidForm
	// Value is the zero one unless Form is SaidValue.
	Value T
	// Why says why the field cannot be read, as a predicate: "is not text".
	Why string
}

// A SaidForm says whether a list has a field, and in what state.
type SaidForm int

// The forms.
const (
	SaidNothing    SaidForm = iota
	SaidEmpty               // the list has the field, and nothing in it
	SaidUnreadable          // it says something that cannot be told
	SaidValue
)

// Says is a field with a value.
func Says[T comparable](value T) Said[T] { return Said[T]{Form: SaidValue, Value: value} }

// SaysEmpty is a field that is there and empty. [ImportRow.Settle] decides what that means.
func SaysEmpty[T comparable]() Said[T] { return Said[T]{Form: SaidEmpty} }

// CannotBeRead is a field that refuses its row. The predicate why must not repeat the text, which
// may be a password.
func CannotBeRead[T comparable](why string) Said[T] { return Said[T]{Form: SaidUnreadable, Why: why} }

// Given reports whether there is a value.
func (s Said[T]) Given() bool { return s.Form == SaidValue }

// mustSay says what to write in place of an empty flag.
func (s Said[T]) mustSay() string {
	if _, flag := any(s.Value).(bool); flag {
		return ", and must say true or false"
	}
	return ""
}

// settle gives an empty field its meaning, if it has one. It returns what is wrong with the field,
// or "".
func (s *Said[T]) settle(name string, meaning ...T) (problem string) {
	switch {
	case s.Form == SaidUnreadable:
		return name + " " + s.Why
	case s.Form == SaidEmpty && len(meaning) == 0:
		return name + " is empty" + s.mustSay()
	case s.Form == SaidEmpty:
		*s = Says(meaning[0])
	}
	return ""
}
