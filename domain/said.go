package domain

// A Said is what a list says of one field of a person. The zero Said says nothing: the list
// does not have the field.
type Said[T comparable] struct {
	Form SaidForm
	// Value is the zero one unless Form is SaidValue.
	Value T
	// Why is why it cannot be read, a predicate: "is not text".
	Why string
}

// A SaidForm is how much a list says of a field.
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

// SaysEmpty is a field with nothing in it. What that means, [ImportRow.Settle] decides.
func SaysEmpty[T comparable]() Said[T] { return Said[T]{Form: SaidEmpty} }

// CannotBeRead is a field that refuses its row. The predicate why must not repeat what is in
// the list, which may be a password.
func CannotBeRead[T comparable](why string) Said[T] { return Said[T]{Form: SaidUnreadable, Why: why} }

// Given reports whether there is a value.
func (s Said[T]) Given() bool { return s.Form == SaidValue }

// mustSay says what an empty flag lacks.
func (s Said[T]) mustSay() string {
	if _, flag := any(s.Value).(bool); flag {
		return ", and must say true or false"
	}
	return ""
}

// settle gives an empty field the meaning that it has, if it has any, and returns what is
// wrong with the field, or "".
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
