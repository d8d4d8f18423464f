package pages

import "strings"

// A Form is what a page asks for, and what was wrong with the last attempt.
type Form struct {
	Action string // where it is sent; the page's own address if empty
	Submit string
	Hidden []Hidden
	Inputs []*Input
	// Nameless: the form does not ask for the account. A hidden field then lets password managers
	// fill in the account that they know.
	Nameless bool
	general  []string // problems that belong to no field
	TooMany  string   // key of the text about too many attempts; "problem.throttled" if empty
}

// A Hidden is a field that the form only carries along.
type Hidden struct{ Name, Value string }

// An Input is a field of a form. The value of a secret one is never sent back.
type Input struct {
	Name, Label, Hint   string
	Autocomplete, Rules string
	Secret              bool
	Value               string
	Problems            []string
}

// DescribedBy lists the ids of the elements that a screen reader reads with the field.
func (i *Input) DescribedBy() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.Name+"-hint")
	}
	if len(i.Problems) > 0 {
		ids = append(ids, i.Name+"-fault")
	}
	return strings.Join(ids, " ")
}

// A formProblem is one line about what is wrong, and the name of its field, if it has one.
type formProblem struct{ Field, Text string }

// Problems lists everything that is wrong: general problems first, then in the order of the fields.
func (f *Form) Problems() (all []formProblem) {
	for _, text := range f.general {
		all = append(all, formProblem{"", text})
	}
	for _, i := range f.Inputs {
		for _, text := range i.Problems {
			all = append(all, formProblem{i.Name, text})
		}
	}
	return all
}

// Blame notes what is wrong with the field. If the form has no such field, the problem is general.
func (f *Form) Blame(field, text string) {
	for _, i := range f.Inputs {
		if i.Name == field {
			i.Problems = append(i.Problems, text)
			return
		}
	}
	f.general = append(f.general, text)
}

// AddressInput asks for the e-mail address with which people sign in.
func (p *Pages) AddressInput(name, value string) *Input {
	return &Input{Name: name, Label: p.Say("field." + name), Autocomplete: "username", Value: value}
}

// SecretInput asks for a password. autocomplete is a token of HTML, such as "new-password".
func (p *Pages) SecretInput(name, autocomplete string) *Input {
	return &Input{Name: name, Label: p.Say("field." + name), Autocomplete: autocomplete, Secret: true}
}
