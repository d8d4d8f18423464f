package main

import (
	"fmt"
	"strings"

	"gatehouse/cmd/internal/running"
)

const (
	// people there are of each kind, so that nobody is held back for too many failures.
	people       = 100
	freeFailures = 20
	mostSamples  = people * (freeFailures - 1)

	right = running.Password
	wrong = "first day of wore"
)

// A kind is why a sign-in is refused.
type kind struct {
	name     string
	account  string // the prefix of the addresses
	password string
	// fields are what Django exports of such an account; "" if there is none.
	fields string
}

// kinds: the first is what all others are compared with.
var kinds = []kind{
	{"a wrong password", "known", wrong, running.HasPassword},
	{"an unknown address", "unknown", wrong, ""},
	{"inactive, right password", "inactive-right", right, running.HasPassword + `, "is_active": false`},
	{"inactive, wrong password", "inactive-wrong", wrong, running.HasPassword + `, "is_active": false`},
	{"left, right password", "left", right, running.HasPassword + `, "date_left": "2020-01-31"`},
	{"no usable password", "unusable", wrong, `"password": "!unusable"`},
	{"a reset is due, wrong password", "due", wrong, running.HasPassword + `, "password_needs_reset": true`},
}

// email spreads the samples of a kind over its people.
func (k kind) email(sample int) string {
	return fmt.Sprintf("%s%d@shop.test", k.account, sample%people)
}

// export is everybody, as Django would export them.
func export() string {
	var lines strings.Builder
	for i, kind := range kinds {
		if kind.fields == "" {
			continue
		}
		for n := range people {
			lines.WriteString(running.Person(i*people+n, kind.email(n), kind.fields))
		}
	}
	return lines.String()
}
