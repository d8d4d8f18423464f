package fiberhttp

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/domain"
)

const againField = newPasswordField + "_again"

// newPasswordInputs ask for a new password twice, because hidden text is easily mistyped.
func (s *Server) newPasswordInputs() []*pages.Input {
	least := strconv.Itoa(s.config.PasswordMinLength)
	first := s.pages().SecretInput(newPasswordField, "new-password")
	first.Hint = s.say("field.new_password_hint", least)
	first.Rules = "minlength: " + least + ";"
	return []*pages.Input{first, s.pages().SecretInput(againField, "new-password")}
}

// usable reports whether everything is filled in and both new passwords are the same. If not, it notes
// on the form what is wrong.
func (s *Server) usable(f *pages.Form, read *body.Reader, chosen, again domain.Password) bool {
	if read.Err() != nil {
		s.takeFaults(f, read)
		return false
	}
	if !again.Equal(chosen.Secret) {
		f.Blame(againField, s.say("problem.not_the_same"))
		return false
	}
	return true
}

// takeFaults notes on the form what the reader has found wrong.
func (s *Server) takeFaults(f *pages.Form, read *body.Reader) {
	for name, given := range read.Faulty() {
		switch text := given.Text.Reveal(); {
		case name == newPasswordField && len(text) > domain.MaxPasswordLength:
			f.Blame(name, s.say("password.too_long", strconv.Itoa(domain.MaxPasswordLength)))
		case name == newPasswordField && text != "" && given.Blank():
			f.Blame(name, s.say("password.blank"))
		case given.Blank():
			f.Blame(name, s.say("missing."+name))
		default:
			f.Blame(name, s.say("problem.unusable", s.say("field."+name)))
		}
	}
}

// explain notes on the form why err refused it, and returns the status of the answer. It returns
// errors that a form cannot explain.
func (s *Server) explain(c *fiber.Ctx, f *pages.Form, err error) (status int, unexplained error) {
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		setRetryAfter(c, throttled)
		f.Blame("", s.throttled(f, throttled))
		return fiber.StatusTooManyRequests, nil
	}
	if refused, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		for _, text := range s.refusedPassword(refused) {
			f.Blame(newPasswordField, text)
		}
		return fiber.StatusBadRequest, nil
	}
	return 0, err
}

// throttled says how long to wait, or that waiting does not help because the account is held.
func (s *Server) throttled(f *pages.Form, throttled *domain.Throttled) string {
	wait := s.pages().Texts.Wait(retrySeconds(throttled))
	switch {
	case throttled.Held:
		return s.say("problem.throttled_held")
	case f.TooMany != "":
		return s.say(f.TooMany, wait)
	}
	return s.say("problem.throttled", wait)
}

// refusedPassword names every rule that a new password breaks.
func (s *Server) refusedPassword(refused *domain.PasswordRefusal) (all []string) {
	for _, broken := range refused.Broken {
		key := "password." + string(broken.Rule)
		if !s.pages().Texts.Has(key) {
			key = "password.other"
		}
		all = append(all, s.say(key, strconv.Itoa(broken.Limit)))
	}
	return all
}
