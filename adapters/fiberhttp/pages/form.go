package pages

import "strings"

// A form is what a page asks for, and what is wrong with what it was given.
type Form struct {
	Action string // "": where the page is
	Submit string
	Hidden []Hidden
	Inputs []*Input
	// Nameless: the form does not ask who it is. A field that nobody sees tells password
	// managers that there is an account nevertheless, and they put in whose they know.
	Nameless bool
	general  []string // problems that are of no one field
	TooMany  string   // key of what is said when there were too many attempts
}

// A hidden is a field that nobody fills in.
type Hidden struct{ Name, Value string }

// An input is a field of a form. What is typed into a secret one is never shown again.
type Input struct {
	Name, Label, Hint   string
	Autocomplete, Rules string
	Secret              bool
	Value               string
	Problems            []string
}

// DescribedBy lists the ids of what a screen reader reads with the field.
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

// A formProblem is one line of what is wrong, and the field that it is about, if any.
type formProblem struct{ Field, Text string }

// Problems is everything that is wrong, in the order of the fields.
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

// blame notes what is wrong with a field, or with none that the form has.
func (f *Form) Blame(field, text string) {
	for _, i := range f.Inputs {
		if i.Name == field {
			i.Problems = append(i.Problems, text)
			return
		}
	}
	f.general = append(f.general, text)
}

// addressInput asks for the address with which people sign in.
func (p *Pages) AddressInput(name, value string) *Input {
	return &Input{Name: name, Label: p.Say("field." + name), Autocomplete: "username", Value: value}
}

func (p *Pages) SecretInput(name, autocomplete string) *Input {
	return &Input{Name: name, Label: p.Say("field." + name), Autocomplete: autocomplete, Secret: true}
}
