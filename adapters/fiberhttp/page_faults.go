package fiberhttp

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

const againField = newPasswordField + "_again"

// newPasswordInputs ask for a new password twice: what is hidden is easily mistyped.
func (s *Server) newPasswordInputs() []*input {
	least := strconv.Itoa(s.config.PasswordMinLength)
	first := s.pages().secretInput(newPasswordField, "new-password")
	first.Hint = s.say("field.new_password_hint", least)
	first.Rules = "minlength: " + least + ";"
	return []*input{first, s.pages().secretInput(againField, "new-password")}
}

// takeFaults notes what a reader has found wrong with the fields.
func (s *Server) takeFaults(f *form, read *fieldReader) {
	for name, given := range read.faulty() {
		switch text := given.text.Reveal(); {
		case name == newPasswordField && len(text) > domain.MaxPasswordLength:
			f.blame(name, s.say("password.too_long", strconv.Itoa(domain.MaxPasswordLength)))
		case name == newPasswordField && text != "" && given.blank():
			f.blame(name, s.say("password.blank"))
		case given.blank():
			f.blame(name, s.say("missing."+name))
		default:
			f.blame(name, s.say("problem.unusable", s.say("field."+name)))
		}
	}
}

// explain notes on the form why something was refused, and returns the status that goes with
// it. What no form can explain is returned as it is.
func (s *Server) explain(c *fiber.Ctx, f *form, err error) (status int, unexplained error) {
	if throttled, ok := errors.AsType[*domain.Throttled](err); ok {
		setRetryAfter(c, throttled)
		f.blame("", s.throttled(f, throttled))
		return fiber.StatusTooManyRequests, nil
	}
	if refused, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		for _, text := range s.refusedPassword(refused) {
			f.blame(newPasswordField, text)
		}
		return fiber.StatusBadRequest, nil
	}
	return 0, err
}

func (s *Server) throttled(f *form, throttled *domain.Throttled) string {
	wait := s.pages().Texts.wait(retrySeconds(throttled))
	switch {
	case throttled.Held:
		return s.say("problem.throttled_held")
	case f.tooMany != "":
		return s.say(f.tooMany, wait)
	}
	return s.say("problem.throttled", wait)
}

// refusedPassword says which rules a new password breaks, all of them.
func (s *Server) refusedPassword(refused *domain.PasswordRefusal) (all []string) {
	for _, broken := range refused.Broken {
		key := "password." + string(broken.Rule)
		if !s.pages().Texts.has(key) {
			key = "password.other"
		}
		all = append(all, s.say(key, strconv.Itoa(broken.Limit)))
	}
	return all
}
