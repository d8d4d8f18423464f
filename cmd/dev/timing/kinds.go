package main

import (
	"fmt"
	"strings"
)

const (
	// people there are of each kind, so that nobody is held back for too many failures.
	people       = 100
	freeFailures = 20
	mostSamples  = people * (freeFailures - 1)

	right = "first day of work"
	wrong = "first day of wore"
	// rightHash is how the service stores right.
	rightHash = "argon2$argon2id$v=19$m=19456,t=2,p=1$03guU0xauBr280hN0f6XaQ$ugHg7uxvZU9OZeiM5WGw62+Sr4eE2Yr6vPImLsNzHcg"
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
	{"a wrong password", "known", wrong, `"password": "` + rightHash + `"`},
	{"an unknown address", "unknown", wrong, ""},
	{"inactive, right password", "inactive-right", right, `"password": "` + rightHash + `", "is_active": false`},
	{"inactive, wrong password", "inactive-wrong", wrong, `"password": "` + rightHash + `", "is_active": false`},
	{"left, right password", "left", right, `"password": "` + rightHash + `", "date_left": "2020-01-31"`},
	{"no usable password", "unusable", wrong, `"password": "!unusable"`},
	{"a reset is due, wrong password", "due", wrong, `"password": "` + rightHash + `", "password_needs_reset": true`},
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
			fmt.Fprintf(&lines, `{"model": "accounts.staff", "pk": "00000000-0000-4000-%04d-%012d", "fields": {"email": "%s", %s}}`+"\n",
				8000+i, n, kind.email(n), kind.fields)
		}
	}
	return lines.String()
}
