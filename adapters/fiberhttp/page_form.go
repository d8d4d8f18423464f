package fiberhttp

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

// A form is what a page asks for, and what is wrong with what it was given.
type form struct {
	Action string // "": where the page is
	Submit string
	Hidden []hidden
	Inputs []*input
	// Nameless: the form does not ask who it is. A field that nobody sees tells password
	// managers that there is an account nevertheless, and they put in whose they know.
	Nameless bool
	general  []string // problems that are of no one field
	tooMany  string   // key of what is said when there were too many attempts
}

// A hidden is a field that nobody fills in.
type hidden struct{ Name, Value string }

// An input is a field of a form. What is typed into a secret one is never shown again.
type input struct {
	Name, Label, Hint   string
	Autocomplete, Rules string
	Secret              bool
	Value               string
	Problems            []string
}

// DescribedBy lists the ids of what a screen reader reads with the field.
func (i *input) DescribedBy() string {
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
func (f *form) Problems() (all []formProblem) {
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
func (f *form) blame(field, text string) {
	for _, i := range f.Inputs {
		if i.Name == field {
			i.Problems = append(i.Problems, text)
			return
		}
	}
	f.general = append(f.general, text)
}

// addressInput asks for the address with which people sign in.
func (p *pages) addressInput(name, value string) *input {
	return &input{Name: name, Label: p.Texts.say("field." + name), Autocomplete: "username", Value: value}
}

func (p *pages) secretInput(name, autocomplete string) *input {
	return &input{Name: name, Label: p.Texts.say("field." + name), Autocomplete: autocomplete, Secret: true}
}

const againField = newPasswordField + "_again"

// newPasswordInputs ask for a new password twice: what is hidden is easily mistyped.
func (s *Server) newPasswordInputs() []*input {
	least := strconv.Itoa(s.config.PasswordMinLength)
	first := s.pages().secretInput(newPasswordField, "new-password")
	first.Hint = s.pages().Texts.say("field.new_password_hint", least)
	first.Rules = "minlength: " + least + ";"
	return []*input{first, s.pages().secretInput(againField, "new-password")}
}

// takeFaults notes what a reader has found wrong with the fields.
func (p *pages) takeFaults(f *form, read *fieldReader) {
	for name, given := range read.faulty() {
		switch text := given.text.Reveal(); {
		case name == newPasswordField && len(text) > domain.MaxPasswordLength:
			f.blame(name, p.Texts.say("password.too_long", strconv.Itoa(domain.MaxPasswordLength)))
		case name == newPasswordField && text != "" && given.blank():
			f.blame(name, p.Texts.say("password.blank"))
		case given.blank():
			f.blame(name, p.Texts.say("missing."+name))
		default:
			f.blame(name, p.Texts.say("problem.unusable", p.Texts.say("field."+name)))
		}
	}
}

// explain notes on the form why something was refused, and returns the status that goes with
// it. What no form can explain is returned as it is.
func (s *Server) explain(c *fiber.Ctx, f *form, err error) (status int, unexplained error) {
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		setRetryAfter(c, throttled)
		f.blame("", s.pages().throttled(f, throttled))
		return fiber.StatusTooManyRequests, nil
	}
	if refused, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		for _, text := range s.pages().refusedPassword(refused) {
			f.blame(newPasswordField, text)
		}
		return fiber.StatusBadRequest, nil
	}
	return 0, err
}

func (p *pages) throttled(f *form, throttled *domain.Throttled) string {
	wait := p.Texts.wait(retrySeconds(throttled))
	switch {
	case throttled.Held:
		return p.Texts.say("problem.throttled_held")
	case f.tooMany != "":
		return p.Texts.say(f.tooMany, wait)
	}
	return p.Texts.say("problem.throttled", wait)
}

// refusedPassword says which rules a new password breaks, all of them.
func (p *pages) refusedPassword(refused *domain.PasswordRefusal) (all []string) {
	for _, broken := range refused.Broken {
		key := "password." + string(broken.Rule)
		if !p.Texts.has(key) {
			key = "password.other"
		}
		all = append(all, p.Texts.say(key, strconv.Itoa(broken.Limit)))
	}
	return all
}
